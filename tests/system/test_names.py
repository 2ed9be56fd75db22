#!/usr/bin/env python3
"""Names of strangers in what is printed and written: a table whose columns, values and file have escape sequences, line breaks, marks
that turn the direction of writing and long words beyond ASCII. Nothing reaches the terminal raw, drawings stay XML, and a sweep
outlives what it has to refuse."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

MID = os.environ["MIDLAB_BIN"]
failures = []


def check(what, right, *shown):
    if not right:
        failures.append(what)
        print("FAILED:", what, *shown, sep="\n  ")


def mid(*words, folder, **environment):
    done = subprocess.run([MID, *words], cwd=folder, env={**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), **environment}, capture_output=True, timeout=300)
    for stream, text in (("standard output", done.stdout), ("standard error", done.stderr)):
        text = text.decode()   # UTF-8, or the test ends here
        check(f"{words[0]}: {stream} is printable", all(c in "\n\t\xa0" or c.isprintable() for c in text), repr(text))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


age, sex, rich, long = "age\x1b[31m", "se\u009b2Jx\u202e", "ri\nch\x07", "x" + "\u00fc" * 80
cells = "".join(",".join([str(20 + i), "f" if i % 2 else "m\x1b[2J", "y" if i % 4 < 2 else "n\x7f", str(i % 7)]) + "\n" for i in range(160))
table = f'"{age}","{sex}","{rich}","{long}"\n' + cells
spec = {"data": {"csv": "t\x1b[5m.csv", "target": rich, "sensitive": sex, "auxiliary": 0}, "model": {"kind": "tree", "min_leaf": 2}, "attack": {"kind": "tree_black_box"}}

with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "t\x1b[5m.csv").write_text(table, newline="")
    (folder / "spec.json").write_text(json.dumps(spec))
    code, out, err = mid("run", "spec.json", "--out", "out", folder=folder)
    check("the run ends well", code == 0 and "accuracy" in out, out, err)
    code, out, err = mid("show", "out", folder=folder)
    check("its folder is shown", code == 0 and "accuracy" in out, out, err)
    code, out, err = mid("run", "spec.json", "--json", folder=folder)
    check("JSON says the names as they are", code == 0 and json.loads(out)["spec"]["data"]["sensitive"] == sex, out, err)
    for file in ("tree.svg", "tree.dot", "tree.txt"):
        text = (folder / "out" / file).read_text()
        check(f"{file} is printable", all(c in "\n\t\xa0" or c.isprintable() for c in text), repr(text[:2000]))
        check(f"{file} spells what it left out", "\\u001b" in text or "\\u009b" in text, text[:2000])
    check("the drawing is XML", ElementTree.parse(folder / "out" / "tree.svg").getroot().tag.endswith("svg"))

    for more in ([], ["--json"]):
        code, out, err = mid("data", "columns", "spec.json", *more, folder=folder)
        check("the columns are listed", code == 0 and "u009b" in out, out, err)

    # A refusal that is cut between letters; the rest of the sweep runs.
    code, out, err = mid("sweep", "spec.json", "--vary", f"data.sensitive={sex},{long}y", "--out", "sweep", folder=folder)
    check("a sweep outlives a refusal with a long name", code == 0 and "\u00fc..." in out, out, err)
    code, out, err = mid("show", "sweep", folder=folder)
    check("the sweep's folder is shown", code == 0, out, err)

    # No folder of one's own: nothing is kept in a folder for everybody, and one sentence says so.
    nowhere = {"HOME": "", "XDG_CACHE_HOME": "", "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir()
    code, out, err = mid("run", "spec.json", folder=folder, **nowhere)
    check("without a home a run keeps nothing and says so", code == 0 and err.count("\n") == 1 and "neither HOME nor XDG_CACHE_HOME" in err, out, err)
    code, out, err = mid("info", "--devices", folder=folder, MIDLAB_WEBGPU="", **nowhere)
    check("nor is a library looked for there", code == 0 and "cache    none" in out, out, err)
    check("nothing lies in the folder for everybody", not list((folder / "tmp").iterdir()), list((folder / "tmp").iterdir()))
    code, out, err = mid("--version", folder=folder, **{**nowhere, "TMPDIR": str(folder / "gone")})
    check("a broken TMPDIR stops nobody", code == 0 and out.strip(), out, err)

print("strangers' names are spelled, not obeyed" if not failures else f"{len(failures)} failed")
sys.exit(bool(failures))
