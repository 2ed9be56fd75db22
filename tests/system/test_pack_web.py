"""The files that the page embeds (core/data/pack_web.py) give the same results as the whole data sets, and never
contain a set under the GPL. The page (web/shell/pack_page.py) is the same bytes whenever, wherever and in whatever order it is put together."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

source = pathlib.Path(os.environ["MIDLAB_SOURCE"])
mid = os.environ["MIDLAB_BIN"]
pack = source / "core/data/pack_web.py"


def result(data, spec):
    """Everything of the result but what depends on the clock."""
    done = subprocess.run([mid, "run", "-", "--json", "--no-cache"], input=json.dumps(spec), text=True, capture_output=True,
                          env={**os.environ, "MIDLAB_DATA": str(data)})
    if done.returncode:
        sys.exit(f"{data}: {done.stderr}")
    out = json.loads(done.stdout)
    out.pop("timing", None)
    return out


def page(folder, packed, texts, when, seed):
    """The site of a stand-in for the module, put together from copies below `folder` of that age: {file: bytes}."""
    built, out = folder / "built", folder / "site"
    built.mkdir(parents=True)
    (built / "midlab.js").write_bytes(b"var midCore;")
    for module in ("early.wasm", "late.wasm"):
        (built / module).write_bytes(bytes(range(256)) * 8)
    shell = shutil.copytree(source / "web/shell/page", folder / "shell")
    copied = [shutil.copy(text, folder) for text in texts]
    for file in folder.rglob("*"):
        os.utime(file, (when, when))
    subprocess.run([sys.executable, source / "web/shell/pack_page.py", shell, built, source / "core/data", packed, out, "1.2.3", *copied], check=True,
                   stdout=subprocess.DEVNULL, cwd=folder, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "UTC" + seed})
    return {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}


with tempfile.TemporaryDirectory() as folder:
    first, second = pathlib.Path(folder, "a"), pathlib.Path(folder, "b")
    for out in first, second:
        subprocess.run([sys.executable, pack, out], check=True, stdout=subprocess.DEVNULL)
    files = sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file())
    assert files, "nothing was packed"
    for file in files:
        assert (first / file).read_bytes() == (second / file).read_bytes(), f"{file} differs from one run to the next"
        assert not any(word in str(file) for word in ("warfarin", "affairs")), f"{file} is under the GPL and must not be embedded"

    verified = subprocess.run([mid, "data", "verify"], env={**os.environ, "MIDLAB_DATA": str(first)}, text=True, capture_output=True)
    assert verified.returncode == 0, verified.stderr

    for name in "mnist", "london-faces", "adult", "digits":
        # The attack on the faces looks at the people whom training does not.
        attack = {"kind": "ridge_inversion", "components": 5} if name == "london-faces" else {"kind": "none"}
        spec = {"data": {"name": name}, "train": {"epochs": 1}, "attack": attack}
        whole, packed = result(source / "core/data", spec), result(first, spec)
        assert whole == packed, f"{name}: the page's files give another result\n{whole}\n{packed}"

    texts = sorted(source.glob("core/teach/texts/*.json"))
    one = page(pathlib.Path(folder, "one"), first, texts, 1e9, "1")
    two = page(pathlib.Path(folder, "another", "place"), second, texts[::-1], 1.7e9, "2")
    assert "midlab.html" in one and one.keys() == two.keys(), f"the page is {sorted(one)} and {sorted(two)}"
    for file in one:
        assert one[file] == two[file], f"{file} of the page depends on time, place or order"
        assert folder.encode() not in one[file], f"{file} of the page names the folder that it was made in"
