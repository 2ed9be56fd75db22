#!/usr/bin/env python3
"""`mid compare`: a small comparison ends with its files, started again it gives the same ones, another one is refused the folder."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

BIN = os.environ["MIDLAB_BIN"]
SMALL = ["preset:confidence", "--quick", "--settings", "2", "--seeds", "2", "--set", "data.private=300", "--set", "data.auxiliary=400", "--set", "data.held_out=400", "--set", "train.epochs=3"]
FILES = ["comparison.json", "comparison.txt", "comparison.md", "comparison.svg", "comparison.png"]


def command(folder, *more):
    return [BIN, "compare", *SMALL, "--out", str(folder / "out"), "--cache", str(folder / "cache"), *more]


def mid(folder, *more, code=0):
    run = subprocess.run(command(folder, *more), capture_output=True, text=True)
    if run.returncode != code:
        sys.exit(f"mid compare ended with {run.returncode}, not {code}: {run.stderr}")
    return run


with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as other:
    folder, halfway = pathlib.Path(name), pathlib.Path(other)
    table = json.loads(mid(folder, "--json").stdout)
    first = {f: (folder / "out" / f).read_bytes() for f in FILES}
    mid(folder)
    for f in FILES:
        assert (folder / "out" / f).read_bytes() == first[f], f"{f} differs when the command is given again"
    names = [f["name"] for f in table["families"]]
    assert names[0] == "mid" and {"no defence", "round", "label only", "noise"} <= set(names), names
    assert table["undefended_leak"]["mean"] > .95, table["undefended_leak"]
    assert all(len(f["at"]) == 3 for f in table["families"]), "a family without its three utilities"
    sentence = mid(folder, "--set", "train.epochs=4", code=2).stderr
    assert "--out" in sentence and "another" in sentence, sentence
    assert mid(folder, "--shard", "1/2", "--json").stdout == first["comparison.json"].decode(), "a shard of a finished list draws the same fronts"

    process = subprocess.Popen(command(halfway), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait() in (0, 130)
    mid(halfway)
    assert (halfway / "out/comparison.json").read_bytes() == first["comparison.json"], "an interrupted comparison ends otherwise than one that was not"
print(f"{len(names)} defences under {len(table['families'][0]['settings'][0]['attackers'])} attackers; given again, and interrupted, it ends the same")
