#!/usr/bin/env python3
"""What goes wrong around the program: calls of the system that fail, a power cut between any two of them, a full disk, a folder that
cannot be written, a damaged cache, a sweep that is killed again and again, processes that share a folder. Each ends with its
sentence and exit code, never with a signal; what is started again afterwards gives what an undisturbed run gives.

Calls fail by a preloaded library (tests/system/faults.cpp). Linux only.
"""
import errno
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BIN, FAULTS = os.environ["MIDLAB_BIN"], os.environ["MIDLAB_FAULTS"]
TOO_LONG = 120  # seconds
SEED = 20251129
POWER_CUT = 77  # exit code of faults.cpp

problems = []
rng = random.Random(SEED)


def expect(good, sentence):
    if not good:
        problems.append(sentence)
        print("  " + sentence, flush=True)


def table(path):
    """A small table, quick to learn: 60 people, a secret sex, `rich` to predict."""
    rows = [f"{20 + i},{'abc'[i % 3]},{'fm'[i % 2]},{'ynn'[i * 7 % 3]}" for i in range(60)]
    path.write_text("age,job,sex,rich\n" + "\n".join(rows) + "\n")


def specification(folder):
    table(folder / "people.csv")
    spec = folder / "spec.json"
    spec.write_text(json.dumps({"data": {"name": "csv", "csv": str(folder / "people.csv"), "target": "rich", "sensitive": "sex", "auxiliary": 0},
                                "model": {"kind": "tree", "min_leaf": 2}, "attack": {"kind": "tree_black_box"}}))
    return spec


def run(arguments, fault="", path="", start="", count=None):
    environment = dict(os.environ)
    if fault or count:
        environment.update(LD_PRELOAD=FAULTS, MIDLAB_FAULT=fault, MIDLAB_FAULT_PATH=path)
        if start:
            environment["MIDLAB_FAULT_FROM"] = start
        if count:
            environment["MIDLAB_FAULT_COUNT"] = str(count)
    return subprocess.run([BIN, *map(str, arguments)], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", timeout=TOO_LONG)


def without_time(text):
    """A result without what differs from run to run; None where it is none."""
    try:
        result = json.loads(text)
    except json.JSONDecodeError:
        return None
    result.pop("timing", None)
    return result


def ends_well(done, what, codes=(0, 1, 2)):
    """With an exit code and, of a failure, one sentence."""
    expect(done.returncode in codes, f"{what}: ended with {done.returncode}: {done.stderr[-300:].strip()}")
    if done.returncode in (1, 2):
        lines = done.stderr.strip().splitlines()
        expect(len(lines) == 1 and lines[0].startswith("mid: "), f"{what}: no sentence, but {done.stderr[-300:]!r}")


class Whole:
    """A run that nothing disturbs, in a folder of its own, and how many calls it makes."""

    def __init__(self, folder):
        self.folder = folder
        self.spec = specification(folder)
        self.command = ["run", self.spec, "--json", "--out", folder / "out", "--cache", folder / "cache"]
        counts = folder / "counts"
        first = run(self.command, count=counts, path=str(folder), start="spec.json")
        if first.returncode != 0:
            sys.exit(f"the undisturbed run ended with {first.returncode}: {first.stderr}")
        self.result = without_time(first.stdout)
        self.calls = {name: int(n) for name, n in (line.split() for line in counts.read_text().splitlines())}

    def clear(self):
        for name in ("out", "cache"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def same_again(self, what):
        """The same command again, undisturbed, over whatever is left of the run before."""
        again = run(self.command)
        expect(again.returncode == 0, f"{what}: the run after it ended with {again.returncode}: {again.stderr[-300:].strip()}")
        expect(without_time(again.stdout) == self.result, f"{what}: the run after it gives another result")
        kept = self.folder / "out" / "result.json"
        expect(kept.is_file() and without_time(kept.read_text()) == self.result, f"{what}: result.json of the run after it is another")


def points(n, most=25):
    """All places from 1 to n, or `most` of them by chance."""
    return range(1, n + 1) if n <= most else sorted(rng.sample(range(1, n + 1), most))


def check_failing_calls(folder):
    whole = Whole(folder)
    print(f"calls of the undisturbed run: {whole.calls}")
    whys = {"read": [errno.EIO], "write": [errno.EIO, errno.ENOSPC], "create": [errno.EACCES, errno.EMFILE], "open": [errno.EACCES], "rename": [errno.EIO],
            "sync": [errno.EIO], "close": [errno.EIO], "mkdir": [errno.EACCES], "remove": [errno.EIO], "allocate": [errno.ENOMEM]}
    for call, numbers in whys.items():
        for n in points(whole.calls[call], 60 if call == "allocate" else 25):
            why = numbers[n % len(numbers)]
            what = f"{call} {n} fails ({errno.errorcode[why]})"
            whole.clear()
            done = run(whole.command, fault=f"{call}:{n}:{why}", path=str(folder), start="spec.json")
            ends_well(done, what)
            if done.returncode == 0:
                expect(without_time(done.stdout) == whole.result, f"{what}: gives another result")
            whole.same_again(what)


def check_power_cuts(folder):
    whole = Whole(folder)
    for call in ("write", "rename", "close"):
        for n in points(whole.calls[call]):
            what = f"the power is cut at {call} {n}"
            whole.clear()
            done = run(whole.command, fault=f"{call}:{n}:exit", path=str(folder), start="spec.json")
            expect(done.returncode == POWER_CUT, f"{what}: ended with {done.returncode}")
            whole.same_again(what)


def check_left_behind(folder):
    """What a power cut leaves of a file goes when the cache is cleared."""
    whole = Whole(folder)
    for n in points(whole.calls["rename"]):
        whole.clear()
        run(whole.command, fault=f"rename:{n}:exit", path=str(folder), start="spec.json")
        run(["cache", "clear", "--cache", folder / "cache"])
        left = [p.name for p in (folder / "cache").glob("*")] if (folder / "cache").is_dir() else []
        expect(not left, f"the power is cut at rename {n}: mid cache clear leaves {left}")


def check_full_disk(folder):
    whole = Whole(folder)
    for place, code in (("out", 1), ("cache", 0)):
        for n in (1, 2):
            what = f"no room in --{place} from write {n} on"
            whole.clear()
            done = run(whole.command, fault=f"write:{n}+:{errno.ENOSPC}", path=str(folder / place))
            ends_well(done, what, (code,))
            if place == "cache":
                expect(without_time(done.stdout) == whole.result, f"{what}: gives another result")
                expect("nothing is kept" in done.stderr, f"{what}: nobody is told: {done.stderr!r}")
            whole.same_again(what)


def check_read_only(folder):
    whole = Whole(folder)
    for why in (errno.EACCES, errno.EROFS):
        for place, codes in (("out", (1, 2)), ("cache", (0,))):
            what = f"--{place} cannot be written ({errno.errorcode[why]})"
            for calls in ("create", "mkdir"):
                whole.clear()
                done = run(whole.command, fault=f"{calls}:1+:{why}", path=str(folder / place))
                ends_well(done, f"{what}, {calls}", codes)
                if place == "out":
                    expect(str(folder / place) in done.stderr, f"{what}, {calls}: the sentence does not name the folder: {done.stderr!r}")
                else:
                    expect(without_time(done.stdout) == whole.result, f"{what}, {calls}: gives another result")
            whole.same_again(what)


def stages(folder):
    return sorted(p for p in (folder / "cache").rglob("*") if p.is_file())


def check_damaged_cache(folder):
    whole = Whole(folder)
    whole.clear()
    whole.same_again("a fresh cache")
    files = {p: p.read_bytes() for p in stages(folder)}
    expect(len(files) >= 2, f"the cache holds {len(files)} files")
    for i in range(200):
        file = rng.choice(sorted(files))
        damaged = bytearray(files[file])
        bit = rng.randrange(8 * len(damaged))
        damaged[bit // 8] ^= 1 << bit % 8
        for p, bytes_ in files.items():
            p.write_bytes(damaged if p == file else bytes_)
        what = f"bit {bit} of {file.name} flipped"
        done = run(["run", whole.spec, "--json", "--cache", folder / "cache"])
        expect(done.returncode == 0, f"{what}: ended with {done.returncode}: {done.stderr[-300:].strip()}")
        expect(without_time(done.stdout) == whole.result, f"{what}: gives another result")
        expect(file.read_bytes() != bytes(damaged) or not file.name.startswith("outcome"), f"{what}: the damaged file is still there")

    for p, bytes_ in files.items():
        p.write_bytes(bytes_[:rng.randrange(len(bytes_))])
    whole.same_again("every file of the cache cut short")


def check_foreign_stages(folder):
    """Another run's outcome and model under this one's names, and stages that cannot be read."""
    whole = Whole(folder)
    files = {p: p.read_bytes() for p in stages(folder)}
    done = run(["run", whole.spec, "--set", "seed=2", "--json", "--cache", folder / "other"])
    other = {p.name.split("-")[0]: p.read_bytes() for p in (folder / "other").rglob("*") if p.is_file()}
    expect(done.returncode == 0 and without_time(done.stdout) != whole.result, "the other run is no other run")
    for p in files:
        if p.name.split("-")[0] in other:
            p.write_bytes(other[p.name.split("-")[0]])
    whole.same_again("another run's stages under this one's names")

    for p in stages(folder):
        for q, bytes_ in files.items():
            q.write_bytes(bytes_)
        done = run(whole.command, fault=f"read:1+:{errno.EIO}", path=p.name)
        ends_well(done, f"{p.name} cannot be read", (0,))
        expect(without_time(done.stdout) == whole.result, f"{p.name} cannot be read: gives another result")


# ---- sweeps ------------------------------------------------------------------------------------------------------------

FILES = ("sweep.json", "results.jsonl", "table.csv", "table.txt", "trade-off.svg", "trade-off.png")


def sweep(folder, name, *more):
    return ["sweep", folder / "spec.json", "--vary", "model.max_depth=1,2,3", "--vary", "release.kind=none,label_only", "--seeds", "2",
            "--jobs", "2", "--out", folder / name, "--cache", folder / f"{name}-cache", *more]


def bytes_of(folder, name):
    return {f: (folder / name / f).read_bytes() for f in FILES if (folder / name / f).exists()}


def same_sweep(folder, name, first, what):
    found = bytes_of(folder, name)
    expect(found.keys() == first.keys(), f"{what}: wrote {sorted(found)}")
    for f in found:
        expect(found[f] == first.get(f), f"{what}: {f} differs from an undisturbed sweep's")
    left = [p.name for p in (folder / name).rglob("*.part-*")]
    expect(len(left) == 0 or what.startswith("killed"), f"{what}: leaves {left}")


def start(arguments):
    return subprocess.Popen([BIN, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")


def check_sweeps(folder):
    specification(folder)
    begun = time.time()
    done = run(sweep(folder, "whole"))
    took = time.time() - begun
    expect(done.returncode == 0, f"the undisturbed sweep ended with {done.returncode}: {done.stderr[-300:]}")
    first = bytes_of(folder, "whole")
    expect(len(first) == len(FILES), f"the undisturbed sweep wrote {sorted(first)}")

    # 25 moments, five in a row for each of five sweeps.
    kills = 0
    for i in range(5):
        name = f"killed-{i}"
        for _ in range(5):
            process = start(sweep(folder, name))
            time.sleep(rng.uniform(.01, took))
            kills += process.poll() is None
            process.send_signal(signal.SIGKILL if rng.random() < .7 else signal.SIGTERM)
            _, sentence = process.communicate(timeout=TOO_LONG)
            expect(process.returncode in (0, 130, -signal.SIGKILL, -signal.SIGTERM), f"{name}: ended with {process.returncode}: {sentence[-300:]}")
        done = run(sweep(folder, name))
        expect(done.returncode == 0, f"{name}: the sweep after it ended with {done.returncode}: {done.stderr[-300:]}")
        same_sweep(folder, name, first, f"killed at random ({name})")
    print(f"{kills} of 25 kills met a sweep at work")

    both = [start(sweep(folder, "shared")) for _ in range(2)]
    for process in both:
        _, sentence = process.communicate(timeout=TOO_LONG)
        expect(process.returncode == 0, f"two processes in one folder: one ended with {process.returncode}: {sentence[-300:]}")
    same_sweep(folder, "shared", first, "two processes in one folder")

    shards = [start(sweep(folder, "shards", "--shard", f"{i}/3")) for i in (1, 2, 3)]
    for process in shards:
        _, sentence = process.communicate(timeout=TOO_LONG)
        expect(process.returncode == 0, f"three shards in one folder: one ended with {process.returncode}: {sentence[-300:]}")
    done = run(sweep(folder, "shards"))
    expect(done.returncode == 0, f"the sweep after its shards ended with {done.returncode}: {done.stderr[-300:]}")
    same_sweep(folder, "shards", first, "three shards in one folder")

    for call, why in (("write", errno.ENOSPC), ("create", errno.EROFS)):
        for n in (1, 2, 4):
            name = f"full-{call}-{n}"
            done = run(sweep(folder, name), fault=f"{call}:{n}+:{why}", path=str(folder / name) + "/")
            ends_well(done, f"a sweep without room ({errno.errorcode[why]} from {call} {n} on)", (1, 2))
            done = run(sweep(folder, name))
            expect(done.returncode == 0, f"{name}: the sweep after it ended with {done.returncode}: {done.stderr[-300:]}")
            same_sweep(folder, name, first, f"a sweep after {errno.errorcode[why]}")


def check_claims(folder):
    """Two sweeps that want one folder, again and again: one of them has it, the other is told."""
    specification(folder)
    for i in range(10):
        name = f"claimed-{i}"
        others = [start(sweep(folder, name)), start([*sweep(folder, name), "--set", "model.min_leaf=3"])]
        codes = []
        for process in others:
            _, sentence = process.communicate(timeout=TOO_LONG)
            codes.append(process.returncode)
            if process.returncode == 2:
                expect("holds another sweep" in sentence, f"the second sweep in {name} is refused with {sentence!r}")
        expect(sorted(codes) == [0, 2], f"two sweeps that want {name} ended with {codes}")


def check_damaged_sweep(folder):
    """Bits of finished runs are found and the runs done again; a description that was cut off at its start blocks nothing."""
    specification(folder)
    done = run(sweep(folder, "whole"))
    expect(done.returncode == 0, f"the undisturbed sweep ended with {done.returncode}: {done.stderr[-300:]}")
    first = bytes_of(folder, "whole")
    for i in range(60):
        runs = sorted((folder / "whole" / "runs").rglob("*.json"))
        file = rng.choice(runs)
        whole = file.read_bytes()
        damaged = bytearray(whole)
        bit = rng.randrange(8 * len(damaged))
        damaged[bit // 8] ^= 1 << bit % 8
        file.write_bytes(damaged)
        done = run(sweep(folder, "whole"))
        expect(done.returncode == 0, f"bit {bit} of {file.name} flipped: ended with {done.returncode}: {done.stderr[-300:]}")
        same_sweep(folder, "whole", first, f"bit {bit} of {file.name} flipped")
        file.write_bytes(whole)

    (folder / "empty").mkdir()
    (folder / "empty" / "sweep.json").write_bytes(b"")
    done = run(sweep(folder, "empty"))
    expect(done.returncode == 0, f"an empty sweep.json: ended with {done.returncode}: {done.stderr[-300:]}")
    same_sweep(folder, "empty", first, "an empty sweep.json")


# What midlab does not keep yet: run by name alone (test_faults.py check_left_behind), no part of ./check.
WAITING = (check_left_behind, check_foreign_stages, check_claims, check_damaged_sweep)
CHECKS = (check_failing_calls, check_power_cuts, check_full_disk, check_read_only, check_damaged_cache, check_sweeps)


def main():
    print(f"seed {SEED}")
    chosen = sys.argv[1:]
    for check in CHECKS + WAITING:
        if check.__name__ not in chosen if chosen else check in WAITING:
            continue
        begun, before = time.time(), len(problems)
        with tempfile.TemporaryDirectory() as folder:
            check(pathlib.Path(folder).resolve())
        print(f"{check.__name__}: {len(problems) - before} problems, {time.time() - begun:.0f} s", flush=True)
    if problems:
        sys.exit(f"{len(problems)} problems, listed above")


main()
