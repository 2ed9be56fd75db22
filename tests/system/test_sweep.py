#!/usr/bin/env python3
"""mid sweep: the same files whether it ran at once, was killed, or was shared out; what fails or is refused stops nobody else;
wrong options are one sentence and exit code 2."""
import concurrent.futures
import json
import os
import pathlib
import random
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import zlib

BIN = os.environ["MIDLAB_BIN"]
TOO_LONG = 300  # seconds
SEED = 20251130
SMALL = [x for s in ("data.private=300", "data.auxiliary=600", "data.held_out=300", "train.epochs=4") for x in ("--set", s)]
SWEEP = ["sweep", "preset:confidence", *SMALL, "--vary", "defense.beta=0.001,0.1", "--seeds", "2"]
FILES = ["results.jsonl", "table.csv", "table.txt", "trade-off.svg", "trade-off.png"]

problems = []


def expect(good, sentence):
    if not good:
        problems.append(sentence)


def command(arguments, folder, name, *more):
    """Each sweep has a cache of its own, so that none lives on another's work."""
    return [BIN, *arguments, "--out", f"{folder}/{name}", "--cache", f"{folder}/{name}-cache", *more]


def run(arguments, folder, name, *more):
    return subprocess.run(command(arguments, folder, name, *more), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG)


def files(folder, name):
    return {f: (pathlib.Path(folder) / name / f).read_bytes() for f in FILES if (pathlib.Path(folder) / name / f).exists()}


def same(folder, name, first, what):
    found = files(folder, name)
    expect(found.keys() == first.keys(), f"{what}: wrote {sorted(found)}")
    for f in found:
        expect(found[f] == first.get(f), f"{what}: {f} differs from an undisturbed run's")


def worked(process):
    """What a process has had of the processors, in hundredths of a second; 0 when it has gone."""
    try:
        fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def is_pending(process, signal_number):
    """Whether a signal that was sent has not reached its handler yet."""
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return any(int(line.split()[1], 16) >> (signal_number - 1) & 1 for line in lines if line.startswith(("SigPnd", "ShdPnd")))


def killed(folder, name, how):
    """Starts the sweep, ends it when a run has ended and another is under way, and returns the exit code."""
    process = subprocess.Popen(command(SWEEP, folder, name, "--jobs", "1"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    runs = pathlib.Path(folder) / name / "runs"
    end = time.time() + TOO_LONG
    while process.poll() is None and time.time() < end and not (runs.is_dir() and any(runs.glob("*.json"))):
        time.sleep(.005)
    begun = worked(process)
    while how == signal.SIGINT and process.poll() is None and time.time() < end and worked(process) < begun + 3:  # the next run is under way
        time.sleep(.001)
    process.send_signal(how)
    if how == signal.SIGINT and process.poll() is None:  # a machine so busy that the program gets nothing of it for longer than its patience
        while process.poll() is None and is_pending(process, signal.SIGINT):
            pass
        process.send_signal(signal.SIGSTOP)
        time.sleep(1.2)
        process.send_signal(signal.SIGCONT)
    _, sentence = process.communicate(timeout=TOO_LONG)
    finished = {p.name: p.stat().st_mtime_ns for p in runs.glob("*.json")}
    expect(0 < len(finished) < 4, f"{name}: {len(finished)} of 4 runs had ended when it was stopped")
    return process.returncode, sentence, finished


def picture(png):
    """Width, height and the number of different bytes of a picture's rows: a blank one has few."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        return 0, 0, 0
    width, height = struct.unpack(">II", png[16:24])
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += length + 12
    return width, height, len(set(zlib.decompress(data)))


def test_interruptions(folder):
    done = run(SWEEP, folder, "whole", "--jobs", "1")
    expect(done.returncode == 0 and done.stderr == "", f"undisturbed: exit code {done.returncode}, {done.stderr!r}")
    first = files(folder, "whole")
    expect(sorted(first) == sorted(FILES), f"undisturbed: wrote {sorted(first)}")
    expect(done.stdout.encode() == first.get("table.txt"), "standard output is not table.txt")
    lines = [json.loads(line) for line in first["results.jsonl"].decode().splitlines()]
    expect([(x["varied"], x["seed"]) for x in lines] == [({"defense.beta": b}, s) for b in (.001, .1) for s in (1, 2)], "results.jsonl is not in the order of the list")
    expect(len({x["id"] for x in lines}) == 4, "the ids of four runs are not four")
    keys = {"varied", "seed", "id", "spec", "utility", "privacy", "information", "notes", "warnings", "failed", "refused"}
    expect(all(set(x) == keys for x in lines), f"a line holds {sorted(lines[0])}")
    timing = [json.loads(line) for line in pathlib.Path(folder, "whole/timing.jsonl").read_text().splitlines()]
    expect([t["id"] for t in timing] == [x["id"] for x in lines] and all(t["train_s"] > 0 for t in timing), f"timing.jsonl is not about the four runs: {timing}")

    # The table's figures are those of `mid run`, and the means of the lines.
    alone = subprocess.run([BIN, "run", "preset:confidence", *SMALL, "--set", "defense.beta=0.1", "--set", "seed=2", "--json", "--no-cache"], capture_output=True, text=True, timeout=TOO_LONG)
    result = json.loads(alone.stdout)
    expect(all(result[g] == lines[3][g] for g in ("id", "spec", "utility", "privacy", "information", "notes")), "a run of the sweep is not what mid run gives")
    head, *rows = [r.split(",") for r in first["table.csv"].decode().splitlines()]
    table = [dict(zip(head, r)) for r in rows]
    mean = sum(x["utility"]["accuracy"]["value"] for x in lines[2:]) / 2
    expect(len(table) == 2 and abs(float(table[1]["accuracy_mean"]) - mean) < 1e-12 and table[1]["runs"] == "2", "table.csv has another mean of accuracy")

    width, height, colours = picture(first["trade-off.png"])
    expect(width >= 1200 and height >= 800 and colours > 30, f"the PNG is {width} x {height} with {colours} different bytes")
    svg = first["trade-off.svg"].decode()
    expect(all(word in svg for word in ("β = 0.001", "β = 0.1", "MID", "Right answers")), "the SVG lacks a name")

    # At random moments, again and again, until it has ended by itself.
    chance = random.Random(SEED)
    begun = time.time()
    run(SWEEP, folder, "timed", "--jobs", "2")
    took = time.time() - begun
    for _ in range(6):
        process = subprocess.Popen(command(SWEEP, folder, "random", "--jobs", "2"), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=chance.uniform(.01, took / 2))
        except subprocess.TimeoutExpired:
            process.send_signal(chance.choice((signal.SIGKILL, signal.SIGTERM)))
            process.wait(timeout=TOO_LONG)
    expect(run(SWEEP, folder, "random").returncode == 0, "killed at random moments and started again: not exit code 0")
    same(folder, "random", first, f"killed at random moments (seed {SEED})")

    code, _, finished = killed(folder, "killed", signal.SIGKILL)
    expect(not files(folder, "killed"), "a sweep that was killed has written tables")
    expect(run(SWEEP, folder, "killed", "--jobs", "2").returncode == 0, "killed and started again: not exit code 0")
    same(folder, "killed", first, "killed and started again")
    for name, when in finished.items():
        expect((pathlib.Path(folder) / "killed/runs" / name).stat().st_mtime_ns == when, "a finished run was run again")

    # Between two runs there is no state to keep, and a busy machine may hit just that: one of a few attempts does not.
    for attempt in range(5):
        name = f"interrupted-{attempt}"
        code, sentence, _ = killed(folder, name, signal.SIGINT)
        expect(code == 130 and "run the same command again" in sentence, f"Ctrl-C: exit code {code}, {sentence!r}")
        kept = list(pathlib.Path(folder, f"{name}-cache").glob("partial-*"))
        expect(run(SWEEP, folder, name, "--jobs", "1").returncode == 0, "interrupted and started again: not exit code 0")
        same(folder, name, first, "interrupted and started again")
        if kept:
            break
    expect(kept, "Ctrl-C: the state of the run under way is never kept")

    expect(run(SWEEP, folder, "two", "--jobs", "2").returncode == 0, "two jobs: not exit code 0")
    same(folder, "two", first, "two jobs")

    # Two shards at once, on one folder and one cache.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        shards = list(pool.map(lambda i: run(SWEEP, folder, "shards", "--shard", f"{i}/2"), (1, 2)))
    expect(all(s.returncode == 0 for s in shards), f"shards: {[s.stderr for s in shards]}")
    same(folder, "shards", first, "two shards")
    one = run(SWEEP, folder, "half", "--shard", "1/2")
    expect(one.returncode == 0 and "2 of 4 runs" in one.stderr and not files(folder, "half"), f"one shard alone: {one.stderr!r}")
    expect(run(SWEEP, folder, "half").returncode == 0, "a call without --shard after a shard: not exit code 0")
    same(folder, "half", first, "a shard and a call for the rest")

    again = run(SWEEP, folder, "whole", "--json", "--privacy", "mcc")
    expect(json.loads(again.stdout) == lines, "--json prints something else than the lines")
    expect("Agreement with the secret" in files(folder, "whole")["trade-off.svg"].decode(), "--privacy does not change the chart")
    other = run([*SWEEP[:-1], "3"], folder, "whole")
    expect(other.returncode == 2 and "seeds.count" in other.stderr and "another folder" in other.stderr, f"another sweep in the same folder: {other.stderr!r}")
    for pattern in ("*.part-*", "runs/*.part-*"):
        expect(not list(pathlib.Path(folder, "two").glob(pattern)), "temporary files are left behind")


def test_damage(folder):
    """Runs that were damaged are run again, whatever bit it was; an empty description blocks nobody; what crashes left goes."""
    run(SWEEP, folder, "whole")  # with the usual measures in its chart
    whole, first = pathlib.Path(folder, "whole"), files(folder, "whole")
    chance = random.Random(SEED)
    for file in sorted(whole.glob("runs/*.json")):
        text = bytearray(file.read_bytes())
        text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
        file.write_bytes(text)
    old = whole / "runs" / "x.json.part-1-1"
    old.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    expect(run(SWEEP, folder, "whole").returncode == 0, "a sweep with damaged runs: not exit code 0")
    same(folder, "whole", first, f"after flipped bits (seed {SEED})")
    expect(not old.exists(), "what a crash left of a write is never removed")
    (pathlib.Path(folder) / "empty").mkdir()
    (pathlib.Path(folder) / "empty/sweep.json").touch()
    done = run(SWEEP, folder, "empty")
    expect(done.returncode == 0, f"an empty sweep.json: {done.stderr!r}")
    same(folder, "empty", first, "an empty sweep.json")
    done = run(["compare", "preset:confidence"], folder, "whole")
    expect(done.returncode == 2 and "holds a sweep" in done.stderr, f"a comparison in a sweep's folder: {done.returncode}, {done.stderr!r}")


def test_files(folder):
    """A model trained anew under its old name makes other runs, and its old sweep's folder is another sweep's."""
    out = pathlib.Path(folder)
    model = ["--set", "model.bottleneck=0", "--set", "defense.kind=none"]
    spec = ["run", "preset:confidence", *SMALL, *model]
    for name, seed in (("first", 1), ("second", 2)):
        run([*spec, "--set", f"seed={seed}"], folder, name)
    mine = out / "model.safetensors"
    sweep = ["sweep", "preset:confidence", *SMALL, *model, "--set", f"model.file={mine}", "--vary", "release.kind=none,label_only"]
    lines = []
    for i, name in enumerate(("first", "second")):
        mine.write_bytes((out / name / "model.safetensors").read_bytes())
        done = run(sweep, folder, f"file-{i}")
        expect(done.returncode == 0, f"a sweep of a model from a file: {done.stderr!r}")
        lines.append([json.loads(line) for line in (out / f"file-{i}/results.jsonl").read_text().splitlines()])
    expect(not {x["id"] for x in lines[0]} & {x["id"] for x in lines[1]}, "two models under one name share their ids")
    expect(lines[0][0]["utility"] != lines[1][0]["utility"], "two models give the same figures")
    done = run(sweep, folder, "file-0")
    expect(done.returncode == 2 and "other bytes" in done.stderr and str(mine) in done.stderr, f"a retrained model in its old folder: {done.returncode}, {done.stderr!r}")
    mine.unlink()
    os.mkfifo(mine)
    done = run(sweep, folder, "pipe")
    expect(done.returncode == 2 and "model.file" in done.stderr and "is a pipe" in done.stderr, f"a pipe for a model: {done.returncode}, {done.stderr!r}")


def test_no_cache(folder):
    """--no-cache keeps nothing but the results, which are the same."""
    if not pathlib.Path(folder, "whole/table.txt").exists():
        run(SWEEP, folder, "whole")
    done = run(SWEEP, folder, "bare", "--no-cache")
    expect(done.returncode == 0 and not pathlib.Path(folder, "bare-cache").exists(), f"--no-cache: {done.returncode}, {done.stderr!r}")
    same(folder, "bare", files(folder, "whole"), "--no-cache")


def test_seeds(folder):
    """--seeds keeps units, baselines and intervals, on the screen and in summary.json."""
    done = run(["run", "preset:confidence", *SMALL, "--seeds", "2"], folder, "seeds")
    summary = json.loads(pathlib.Path(folder, "seeds/summary.json").read_text())
    for group, name in (("utility", "accuracy"), ("privacy", "mcc"), ("privacy", "auc"), ("privacy", "macro_f1")):
        m, runs = summary["summary"][group][name], [r[group][name] for r in summary["runs"]]
        expect(m["unit"] == runs[0]["unit"] and m["n"] == 2, f"{name}: unit {m['unit']!r}, n {m['n']}")
        for part, of in (("mean", "value"), ("baseline", "baseline"), ("low", "low"), ("high", "high")):
            expect(abs(m[part] - sum(r[of] for r in runs) / 2) < 1e-12, f"{name}: {part} is {m[part]}")
    expect("%" in done.stdout and "baseline" in done.stdout and "95 % interval" in done.stdout, f"--seeds prints {done.stdout!r}")
    shown = show(folder, "seeds")
    expect(shown.stdout == done.stdout, "mid show prints another summary than --seeds")


def test_trouble(folder):
    """A combination that is refused, one that is refused once the data are read, one whose training breaks, one that is good."""
    arguments = ["sweep", "preset:confidence", *SMALL, "--vary", "data.private=300,10000000", "--vary", "train.optimizer=adam,sgd",
                 "--vary", "train.learning_rate=0.003,10,-1", "--set", "train.momentum=0.99"]
    done = run(arguments, folder, "trouble")
    lines = [json.loads(line) for line in pathlib.Path(folder, "trouble/results.jsonl").read_text().splitlines()]
    expect(len(lines) == 12, f"trouble: {len(lines)} lines of 12")
    for x in lines:
        v = x["varied"]
        if v["train.learning_rate"] == -1:
            expect(x["refused"] and "train.learning_rate" in x["refused"], f"{v}: not refused")
        elif v["data.private"] > 1000:
            expect(x["refused"] and "data.private" in x["refused"], f"{v}: not refused")
        elif v["train.optimizer"] == "adam" and v["train.learning_rate"] == .003:
            expect(x["utility"]["accuracy"]["value"] > .5 and x["failed"] is None, f"{v}: no result")
    failed = [x for x in lines if x["failed"]]
    expect(failed and all("sentence" in x["failed"] for x in failed), "no training broke: the test sees nothing")
    expect(done.returncode == 1 and f"{len(failed)} of 12 runs failed" in done.stderr, f"trouble: exit code {done.returncode}, {done.stderr!r}")
    expect("refused: " in done.stdout and "failed: " in done.stdout, "the table does not say what was refused and what failed")
    expect(run(arguments, folder, "trouble").returncode == 1, "trouble, again: a failed run is forgotten")


SPEC = {"spec.json": json.dumps({"data": {"name": "adult", "sensitive": "sex", "private": 300, "auxiliary": 500, "held_out": 500},
                                 "train": {"epochs": 1}, "defense": {"kind": "mid"}, "attack": {"kind": "likelihood_inference"}})}
VARY = ["--vary", "defense.beta=0.1,1"]
# name: what the sentence must hold, arguments after `mid sweep`, further files
BAD = {
    "no specification": ("spec", [*VARY, "--out", "out"]),
    "no folder": ("--out", ["spec.json", *VARY]),
    "empty folder": ("--out", ["spec.json", *VARY, "--out", ""]),
    "folder that is a file": ("--out", ["spec.json", *VARY, "--out", "spec.json"]),
    "folder below a file": ("--out", ["spec.json", *VARY, "--out", "spec.json/x"]),
    "cache that is a file": ("--cache", ["spec.json", *VARY, "--out", "out", "--cache", "spec.json"]),
    "vary without values": ("--vary", ["spec.json", "--vary", "defense.beta", "--out", "out"]),
    "vary without a path": ("--vary", ["spec.json", "--vary", "=1,2", "--out", "out"]),
    "vary an empty list": ("--vary", ["spec.json", "--vary", "defense.beta=", "--out", "out"]),
    "vary with a gap": ("--vary", ["spec.json", "--vary", "defense.beta=1,,2", "--out", "out"]),
    "vary a value twice": ("--vary", ["spec.json", "--vary", "defense.beta=1,1", "--out", "out"]),
    "vary a field twice": ("--vary", ["spec.json", "--vary", "defense.beta=1", "--vary", "defense.beta=2", "--out", "out"]),
    "vary what is undone": ("--vary", ["spec.json", "--vary", "defense.beta=1,2", "--vary", "defense.kind=mid,none", "--out", "out"]),
    "vary the seed": ("--seeds", ["spec.json", "--vary", "seed=1,2", "--out", "out"]),
    "vary three levels": ("--vary", ["spec.json", "--vary", "a.b.c=1", "--out", "out"]),
    "vary an unknown object": ("--vary", ["spec.json", "--vary", "nonsense.x=1", "--out", "out"]),
    "vary an unknown field": ("defense.colour", ["spec.json", "--vary", "defense.colour=1,2", "--out", "out"]),
    "vary broken JSON": ("--vary", ["spec.json", "--vary", "defense={\"kind\"", "--out", "out"]),
    "vary broken UTF-8": ("--vary", ["spec.json", "--vary", "defense.kind=\udcff", "--out", "out"]),
    "all refused": ("every combination", ["spec.json", "--vary", "defense.beta=-1,-2", "--out", "out"]),
    "all refused, one": ("defense.beta", ["spec.json", "--vary", "defense.beta=-1", "--out", "out"]),
    "too many runs": ("runs", ["spec.json", "--vary", "defense.beta=" + ",".join(map(str, range(1, 60))), "--seeds", "100000", "--out", "out"]),
    "set without a value": ("--set", ["spec.json", "--set", "=1", *VARY, "--out", "out"]),
    "unknown preset": ("preset:nothing", ["preset:nothing", *VARY, "--out", "out"]),
    "seed of text": ("seed", ["spec.json", "--set", "seed=x", *VARY, "--out", "out"]),
    "seeds beyond the largest": ("--seeds", ["spec.json", "--set", f"seed={2**53 - 1}", "--seeds", "2", *VARY, "--out", "out"]),
    **{f"--seeds {v}": ("--seeds", ["spec.json", f"--seeds={v}", *VARY, "--out", "out"]) for v in ("0", "-1", "x", "1.5")},
    **{f"--jobs {v}": ("--jobs", ["spec.json", f"--jobs={v}", *VARY, "--out", "out"]) for v in ("0", "-1", "x", "9999")},
    **{f"--shard {v!r}": ("--shard", ["spec.json", "--shard", v, *VARY, "--out", "out"]) for v in ("3/2", "0/2", "1", "1/0", "a/b", "-1/2", "1/2/3", "", "1/2x")},
    "JSON of too many runs": ("results.sqlite", ["spec.json", "--seeds", "10001", "--out", "out", "--json"]),
    "unknown option": ("--fast", ["spec.json", *VARY, "--out", "out", "--fast"]),
}


def bad(one):
    name, (word, arguments) = one
    with tempfile.TemporaryDirectory() as folder:
        for path, text in SPEC.items():
            pathlib.Path(folder, path).write_text(text)
        arguments = [*arguments, *(["--cache", "cache"] if "--cache" not in arguments else [])]
        done = subprocess.run([BIN, "sweep", *arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        sentence = done.stderr.decode(errors="replace")
        written = [p.name for p in pathlib.Path(folder).rglob("*") if p.is_file() and p.name not in SPEC]
    found = [f"exit code {done.returncode}, not 2"] * (done.returncode != 2)
    found += ["not one line of midlab's own"] * (sentence.count("\n") != 1 or not sentence.startswith("mid: "))
    found += ["more than one sentence"] * bool(re.search(r"[a-z]\. [A-Z]", sentence))
    found += [f"does not name {word}"] * (word not in sentence)
    found += ["something on standard output"] * bool(done.stdout)
    found += [f"left behind {written}"] * bool(written)
    return [f"{name}: {', '.join(found)}: {sentence.strip()[:300]}"] if found else []


def test_measures(folder):
    """A measure that no run will give is refused before anything runs; one that an attack names itself is found out at the end."""
    quick = ["sweep", "preset:confidence", *SMALL[:-2], "--set", "train.epochs=1"]
    for option, wrong in (("--utility", "nonsense"), ("--privacy", "nonsense"), ("--utility", "rmse"), ("--privacy", "line_up")):
        done = run(quick, folder, "measures", option, wrong)
        expect(done.returncode == 2 and option in done.stderr and wrong in done.stderr, f"{option} {wrong}: {done.returncode}, {done.stderr!r}")
    expect(not pathlib.Path(folder, "measures").exists(), "a measure that no run will give is found out late")
    done = run(quick, folder, "measures", "--privacy", "mcc_nobody")
    expect(done.returncode == 2 and "mcc_nobody" in done.stderr, f"--privacy mcc_nobody: {done.returncode}, {done.stderr!r}")
    expect(pathlib.Path(folder, "measures/table.txt").exists(), "a measure that was not given leaves no table")


def show(folder, name, *more):
    return subprocess.run([BIN, "show", f"{folder}/{name}", *more], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG)


def collect(folder, name):
    return subprocess.run([BIN, "collect", f"{folder}/{name}"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG)


def test_show(folder):
    """mid show of a sweep's folder prints its table, whole or as far as it has come."""
    if not pathlib.Path(folder, "whole/table.txt").exists():
        run(SWEEP, folder, "whole")
    whole = pathlib.Path(folder, "whole")
    done = show(folder, "whole")
    expect(done.returncode == 0 and done.stdout == (whole / "table.txt").read_text() and not done.stderr, f"show of a sweep: {done.returncode}, {done.stderr!r}")
    lines = [json.loads(line) for line in (whole / "results.jsonl").read_text().splitlines()]
    expect(json.loads(show(folder, "whole", "--json").stdout) == lines, "show --json of a sweep is not its results")
    part = pathlib.Path(folder, "part")
    (part / "runs").mkdir(parents=True)
    (part / "sweep.json").write_bytes((whole / "sweep.json").read_bytes())
    (part / "runs" / f"{lines[0]['id']}.json").write_bytes((whole / "runs" / f"{lines[0]['id']}.json").read_bytes())
    done = show(folder, "part")
    expect(done.returncode == 0 and "1 of 4 runs" in done.stderr and "accuracy" in done.stdout, f"show of a part: {done.returncode}, {done.stderr!r}")
    expect(json.loads(show(folder, "part", "--json").stdout) == lines[:1], "show --json of a part is not what has ended")
    (part / "sweep.json").write_text("{}")
    done = show(folder, "part")
    expect(done.returncode == 2 and "sweep.json" in done.stderr and done.stderr.count("\n") == 1, f"show of no sweep: {done.returncode}, {done.stderr!r}")


def test_budget(folder):
    """Successive halving: what goes on follows from the results, no run more than the budget, nothing twice, and the rest of the list can follow."""
    tiny = ["sweep", "preset:tiny", "--no-cache", "--seeds", "8", "--vary", "defense.lambda=0.01,0.3,1,30", "--utility", "rmse", "--privacy", "attack_accuracy"]
    done = run([*tiny, "--budget", "17"], folder, "budget")
    out = pathlib.Path(folder, "budget")
    expect(done.returncode == 0 and "round 2 of 2: 2 combinations with 6 seeds" in done.stderr, f"--budget: {done.returncode}, {done.stderr!r}")
    lines = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    expect(len(lines) == 16 == len(list((out / "runs").iterdir())), f"--budget 17 gives {len(lines)} results of {len(list((out / 'runs').iterdir()))} runs")
    worth, seeds = {}, {}
    for line in lines:
        strength = line["spec"]["defense"]["lambda"]
        seeds[strength] = seeds.get(strength, 0) + 1
        if line["spec"]["seed"] <= 2:
            worth.setdefault(strength, []).append((-line["utility"]["rmse"]["value"], -line["privacy"]["attack_accuracy"]["value"]))
    means = [(s, *(sum(v) / len(v) for v in zip(*w))) for s, w in worth.items()]
    beaten = [(sum(o[1] >= m[1] and o[2] >= m[2] and o[1:] != m[1:] for o in means), i) for i, m in enumerate(means)]
    kept = {means[i][0] for _, i in sorted(beaten)[:2]}
    expect({s for s, n in seeds.items() if n == 6} == kept and sorted(seeds.values()) == [2, 2, 6, 6], f"--budget kept {seeds}, and the better half is {kept}")
    table = (out / "table.csv").read_bytes()
    done = show(folder, "budget")
    expect(done.returncode == 0 and not done.stderr and done.stdout == (out / "table.txt").read_text(), f"show of a whole budget: {done.stderr!r}, {done.stdout[:200]!r}")
    (out / "table.csv").unlink()
    done = collect(folder, "budget")
    expect(done.returncode == 0 and (out / "table.csv").read_bytes() == table, f"collect of a whole budget: {done.returncode}, {done.stderr!r}")
    for victim in sorted((out / "runs").iterdir())[::3]:
        victim.unlink()
    (out / "table.csv").unlink()
    for done in (show(folder, "budget"), collect(folder, "budget")):
        expect(done.returncode == (done.args[1] == "collect") and "10 of 16 runs of round 2 of 2 have ended" in done.stderr and "--budget 17 again" in done.stderr,
               f"{done.args[1]} of a part of a budget: {done.returncode}, {done.stderr!r}")
    budget = json.loads((out / "budget.json").read_text())
    for wrong in ("{}", json.dumps({**budget, "runs": [999]}), json.dumps({**budget, "runs": [-1]}), "["):
        (out / "budget.json").write_text(wrong)
        done = show(folder, "budget")
        expect(done.returncode == 2 and "budget.json" in done.stderr and done.stderr.count("\n") == 1, f"show with a budget of {wrong}: {done.returncode}, {done.stderr!r}")
    expect(run([*tiny, "--budget", "17"], folder, "budget").returncode == 0 and (out / "table.csv").read_bytes() == table, "--budget again gives another table")
    whole = run(tiny, folder, "budget")
    expect(whole.returncode == 0 and len(list((out / "runs").iterdir())) == 32, f"the whole list after --budget: {whole.stderr!r}")
    done = show(folder, "budget")
    expect(done.returncode == 0 and not done.stderr and done.stdout == (out / "table.txt").read_text(), "show of the whole list shows the budget's part")
    run([*tiny, "--budget", "17"], folder, "budget")
    expect((out / "table.csv").read_bytes() == table, "what else is in the folder changes the table of a budget")
    for name, arguments, word in (("few", ["--budget", "7"], "at least 8 for 4"), ("share", ["--budget", "17", "--shard", "1/2"], "--shard"), ("none", ["--budget", "0"], "--budget")):
        done = run([*tiny, *arguments], folder, name)
        expect(done.returncode == 2 and word in done.stderr and done.stderr.count("\n") == 1, f"{arguments}: {done.returncode}, {done.stderr!r}")


def main():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for found in pool.map(bad, BAD.items()):
            problems.extend(found)
    with tempfile.TemporaryDirectory() as folder:
        for test in (test_interruptions, test_damage, test_files, test_no_cache, test_seeds, test_trouble, test_measures, test_show, test_budget):
            test(folder)
    print("\n".join(problems) or f"a sweep is the same however it runs, and {len(BAD)} wrong options are refused")
    sys.exit(1 if problems else 0)


main()
