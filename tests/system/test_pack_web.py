"""The files that the page embeds (core/data/pack_web.py) give the same results as the whole data sets, and never
contain a set under the GPL."""
import json
import os
import pathlib
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
