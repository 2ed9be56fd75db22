#!/usr/bin/env python3
"""The same specification gives the same result: in another process, in slices of 1, 7 and all units, on a thread of its
own, from the stage cache, and in the files that --out writes. Compared bit for bit, without timing, device and version."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

BIN = os.environ["MIDLAB_BIN"]
TOO_LONG = 300  # seconds

# Two rounds of each kind of story: with and without noise, with repeats, with every random part switched on.
STORIES = {
    "visitors": ["preset:visitors", "train.epochs=2", "attack.repeats=3"],
    "visitors without defence": ["preset:visitors", "train.epochs=2", "defense.kind=none", "model.bottleneck=0"],
    "confidence": ["preset:confidence", "train.epochs=2", "data.private=600", "data.auxiliary=600", "data.held_out=600"],
    "confidence, noise on the answer": ["preset:confidence", "train.epochs=2", "defense.kind=none", "release.kind=noise",
                                        "release.scale=0.5", "data.private=600", "data.auxiliary=600", "data.held_out=600"],
    "which seven": ["preset:which-seven", "train.epochs=2", "data.private=500", "data.auxiliary=500", "data.held_out=200",
                    "data.attacked=300"],
    "a face from a name": ["preset:face-from-name", "train.epochs=2", "attack.steps=20"],
    "sticky answers": ["preset:confidence", "train.epochs=1", "release.kind=sticky", "attack.repeats=5", "data.private=300",
                       "data.auxiliary=600", "data.held_out=300"],
    "an update": ["preset:label-from-update", "train.epochs=2", "data.attacked=40", "attack.updates=60", "attack.networks=2", "attack.epochs=4"],
    "tree": ["preset:survey-tree", "data.private=2000", "data.held_out=500"],
    "dose": ["preset:dose"],
    "private dose": ["preset:dose", "defense.kind=functional_mechanism"],
}
WAYS = {"another process": [], "slices of 1": ["--slice", "1"], "slices of 7": ["--slice", "7"],
        "one slice": ["--slice", "1000000"], "a thread": ["--thread"]}


def run(story, *more, cache=None):
    command = [BIN, "run", story[0], "--json", *(x for s in story[1:] for x in ("--set", s)), *more]
    command += ["--cache", str(cache)] if cache else ["--no-cache"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}: {done.stderr}")
    result = json.loads(done.stdout)
    for key in ("timing", "device", "version"):
        del result[key]
    return json.dumps(result, sort_keys=True)


def differences(one, other):
    """The figures that differ, for the reader of a failed test."""
    one, other = json.loads(one), json.loads(other)
    found = []
    for group in ("utility", "privacy", "information"):
        for name in sorted(set(one[group]) | set(other[group])):
            if one[group].get(name) != other[group].get(name):
                found.append(f"{group}.{name}: {one[group].get(name)} and {other[group].get(name)}")
    return found[:5] or ["not in a figure"]


def files_of(folder):
    """The bytes of what --out wrote; a result's timing is its own."""
    out = {}
    for path in sorted(pathlib.Path(folder).iterdir()):
        out[path.name] = path.read_bytes() if path.name != "result.json" else b""
    return out


def main():
    bad = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        first = dict(zip(STORIES, pool.map(run, STORIES.values())))
        jobs = {(name, way): pool.submit(run, story, *flags) for name, story in STORIES.items() for way, flags in WAYS.items()}
        for (name, way), job in jobs.items():
            if job.result() != first[name]:
                bad.append(f"{name}, {way}: {'; '.join(differences(first[name], job.result()))}")

    another_seed = run([*STORIES["confidence"], "seed=2"])
    if another_seed == first["confidence"]:
        bad.append("another seed gives the same result: the comparison sees nothing")

    with tempfile.TemporaryDirectory() as folder:
        for turn in ("computed and kept", "from the cache"):
            if run(STORIES["visitors"], cache=f"{folder}/cache") != first["visitors"]:
                bad.append(f"visitors, {turn}: another result")
        # The model of the run before is reused by another attack, which must not show.
        story = [*STORIES["visitors"], "attack.repeats=2"]
        if run(story, cache=f"{folder}/cache") != run(story):
            bad.append("a new attack on a kept model: another result than on a new model")
        for out in ("a", "b"):
            run(STORIES["visitors"], "--out", f"{folder}/{out}")
            run(STORIES["confidence"], "--out", f"{folder}/{out}2")
        for out in ("", "2"):
            a, b = files_of(f"{folder}/a{out}"), files_of(f"{folder}/b{out}")
            bad += [f"--out: {name} differs between two runs" for name in a if a[name] != b.get(name)]
            if len(a) != 6:
                bad.append(f"--out wrote {', '.join(a)}: six files are wanted")

    print("\n".join(bad) or f"{len(STORIES)} stories give the same result in {len(WAYS) + 2} ways")
    sys.exit(1 if bad else 0)


main()
