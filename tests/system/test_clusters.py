#!/usr/bin/env python3
"""Lists of more than 10,000 runs, which no file a run holds (docs/clusters.md): whole, killed again and again, shared out, with records that are
cut or damaged, their tables and chart are the same bytes, and their rows those of a short sweep; mid collect makes an SQLite file that says the same.
Almost all runs of the list are refused at once, so that it takes seconds. And what mid sweep --slurm prints and refuses."""
import concurrent.futures
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

BIN = os.environ["MIDLAB_BIN"]
CLUSTER = pathlib.Path(os.environ.get("MIDLAB_CLUSTER", pathlib.Path.home() / ".cache/midlab/cluster"))   # core/cmake/setup.sh
PATH = os.pathsep.join([os.environ.get("PATH", os.defpath), str(CLUSTER / "usr/bin")])
TOO_LONG = 300  # seconds
SEED = 20251130
SEEDS, LAMBDAS = 51, [0.1, 1, *range(-1, -200, -1)]   # 201 strengths of which two are none: 10,251 runs, 102 of which run
GOOD = ["sweep", "preset:tiny", "--no-cache", "--seeds", str(SEEDS), "--vary", "defense.lambda=0.1,1"]
LIST = ["sweep", "preset:tiny", "--no-cache", "--seeds", str(SEEDS), "--vary", "defense.lambda=" + ",".join(map(str, LAMBDAS))]
RUNS = SEEDS * len(LAMBDAS)
FILES = ["table.csv", "table.txt", "trade-off.svg", "trade-off.png"]

problems = []


def expect(good, sentence):
    if not good:
        problems.append(sentence)


def mid(*arguments, **more):
    return subprocess.run([BIN, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TOO_LONG, **more)


def ends_well(done, what, code=0):
    expect(done.returncode == code, f"{what}: exit code {done.returncode}, {done.stderr[-500:]!r}")
    return done


def files(folder):
    return {f: (folder / f).read_bytes() for f in FILES if (folder / f).exists()}


def same(folder, first, what):
    found = files(folder)
    expect(found.keys() == first.keys(), f"{what}: wrote {sorted(found)}")
    for f in found:
        expect(found[f] == first.get(f), f"{what}: {f} differs from an undisturbed sweep's")


def check_whole(folder):
    done = ends_well(mid(*LIST, "--out", folder / "whole"), "undisturbed")
    whole = folder / "whole"
    first = files(whole)
    expect(sorted(first) == sorted(FILES), f"undisturbed: wrote {sorted(first)}")
    expect(done.stdout.encode() == first["table.txt"], "standard output is not table.txt")
    expect(len(list((whole / "segments").iterdir())) == 1 and not (whole / "runs").exists(), f"the folder holds {sorted(p.name for p in whole.iterdir())}")
    rows = first["table.csv"].decode().splitlines()
    expect(len(rows) == 1 + len(LAMBDAS), f"table.csv has {len(rows)} lines")

    ends_well(mid(*GOOD, "--out", folder / "short"), "a short sweep")
    short = (folder / "short/table.csv").read_text().splitlines()
    expect(rows[:3] == short, f"a long list has other rows than a short one:\n{rows[:3]}\n{short}")
    expect((folder / "short/trade-off.svg").read_bytes() == first["trade-off.svg"], "a long list has another chart than a short one")
    return first, short


def check_shown(folder, first):
    """What reads a sweep's folder reads a long one, too."""
    whole = folder / "whole"
    shown = ends_well(mid("show", whole), "show")
    expect(shown.stdout.encode() == first["table.txt"] and not shown.stderr, f"show prints something else than table.txt: {shown.stderr!r}")
    refused = mid("show", whole, "--json")
    expect(refused.returncode == 2 and "results.sqlite" in refused.stderr and refused.stderr.count("\n") == 1, f"show --json: {refused.stderr!r}")
    ends_well(mid("report", whole), "report")
    expect("attack_accuracy" in (whole / "report.html").read_text(), "the report lacks the table")
    other = mid(*LIST[:-1], "defense.lambda=" + ",".join(map(str, LAMBDAS[::-1])), "--out", whole)
    expect(other.returncode == 2 and "another sweep" in other.stderr, f"another list in the same folder: {other.returncode}, {other.stderr!r}")
    begun = time.monotonic()
    ends_well(mid(*LIST, "--out", whole), "the same again")
    expect(len(list((whole / "segments").iterdir())) == 1, f"the same again has written a segment ({time.monotonic() - begun:.1f} s)")
    same(whole, first, "the same again")
    ends_well(mid("collect", folder / "short"), "collect of a short sweep")
    shutil.copy(folder / "short/results.sqlite", whole)
    strange = mid("show", whole)
    expect(strange.returncode == 2 and "is of another sweep" in strange.stderr and strange.stderr.count("\n") == 1, f"another's results.sqlite: {strange.stderr!r}")
    (whole / "results.sqlite").unlink()
    gone = mid("show", whole)
    expect(gone.returncode == 2 and "mid collect" in gone.stderr, f"show before mid collect: {gone.returncode}, {gone.stderr!r}")
    ends_well(mid("collect", whole), "collect")
    same(whole, first, "collected anew")
    (whole / "results.sqlite").write_bytes(b"no database")
    broken = mid("show", whole)
    expect(broken.returncode == 2 and broken.stderr.count("\n") == 1 and "results.sqlite" in broken.stderr, f"no database: {broken.stderr!r}")
    ends_well(mid("collect", whole), "collect over what is no database")


def check_database(folder, short):
    with sqlite3.connect(folder / "whole/results.sqlite") as db:
        expect(db.execute("SELECT count(*), count(DISTINCT place), count(refused), count(DISTINCT id) FROM runs").fetchone() ==
               (RUNS, RUNS, RUNS - 2 * SEEDS, 2 * SEEDS), "results.sqlite has not each run once")
        head = short[0].split(",")
        for row in short[1:]:
            cells = dict(zip(head, row.split(",")))
            mean, n, unit = db.execute('SELECT avg(value), count(value), max(unit) FROM results WHERE name = ? AND "defense.lambda" = ?',
                                       ("attack_accuracy", float(cells["defense.lambda"]))).fetchone()
            expect(n == SEEDS and unit == "proportion" and abs(mean - float(cells["attack_accuracy_mean"])) < 1e-12,
                   f"results.sqlite says {mean} of {n}, and table.csv {cells['attack_accuracy_mean']}")
        lines = [json.loads(line) for line in (folder / "short/results.jsonl").read_text().splitlines()]
        for line in (lines[0], lines[-1]):
            found = db.execute("SELECT name, value, baseline, low, high, n, unit FROM results WHERE id = ?", (line["id"],)).fetchall()
            wanted = {name: m for group in ("utility", "privacy", "information") for name, m in line[group].items()}
            expect({name for name, *_ in found} == set(wanted), f"results.sqlite has the figures {sorted(name for name, *_ in found)}")
            for name, *parts in found:
                expect(parts == [wanted[name][p] for p in ("value", "baseline", "low", "high", "n", "unit")], f"{name}: {parts} is not {wanted[name]}")
        expect(json.loads(db.execute("SELECT description FROM sweep").fetchone()[0]) == json.loads((folder / "whole/sweep.json").read_text()),
               "results.sqlite describes another sweep")
    # Of a short sweep, too.
    with sqlite3.connect(folder / "short/results.sqlite") as db:
        expect(db.execute("SELECT count(*) FROM runs").fetchone() == (2 * SEEDS,), "collect of a short sweep has not each run once")


def check_many_combinations(folder):
    """More points than a chart can show: it is left out, with a sentence, and the tables are not."""
    lambdas = [0.1, *range(-1, -2011, -1)]
    done = ends_well(mid(*LIST[:3], "--seeds", "5", "--vary", "defense.lambda=" + ",".join(map(str, lambdas)), "--out", folder / "many"), "many combinations")
    expect("no trade-off is drawn: 2011 combinations" in done.stderr and sorted(files(folder / "many")) == ["table.csv", "table.txt"],
           f"many combinations: {done.stderr!r}, wrote {sorted(files(folder / 'many'))}")
    expect(len((folder / "many/table.csv").read_text().splitlines()) == 2012, "table.csv has not a line a combination")


def records(folder):
    return sum(p.read_bytes().count(b"\n") - 1 for p in (folder / "segments").glob("*") if p.stat().st_size)


def check_killed(folder, first):
    """Killed at random moments; each process begins a segment of its own, and what it finds is not done again."""
    chance = random.Random(SEED)
    out = folder / "killed"
    met = 0
    for _ in range(6):
        before = records(out) if out.exists() else 0
        process = subprocess.Popen([BIN, *LIST, "--out", str(out), "--jobs", "2"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wanted, end = before + chance.randrange(1, 1500), time.monotonic() + TOO_LONG
        while process.poll() is None and time.monotonic() < end and not (out.exists() and (out / "segments").exists() and records(out) >= wanted):
            time.sleep(.002)
        met += process.poll() is None
        process.send_signal(chance.choice((signal.SIGKILL, signal.SIGTERM)))
        process.wait(timeout=TOO_LONG)
    expect(met > 0, "no kill met a sweep at work: the test sees nothing")
    ends_well(mid(*LIST, "--out", out), "killed at random moments and started again")
    same(out, first, f"killed at random moments (seed {SEED})")
    expect(records(out) <= RUNS + 12, f"{records(out)} records for {RUNS} runs: finished runs were run again")


def check_shares(folder, first):
    """Two shares at once, an unfinished one, what was cut and damaged, and the rest."""
    out = folder / "shares"
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        shares = list(pool.map(lambda i: mid(*LIST, "--out", out, "--shard", f"{i}/2"), (1, 2)))
    expect(all(s.returncode == 0 and "mid collect" in s.stderr for s in shares), f"shares: {[s.stderr for s in shares]}")
    expect(not files(out), "a share has written tables")
    ends_well(mid("collect", out), "collect of two shares")
    same(out, first, "two shares")

    segments = sorted((out / "segments").iterdir())
    expect(len(segments) == 2, f"two processes have written {len(segments)} segments")
    half = folder / "half"
    shutil.copytree(out, half)
    (half / "segments" / segments[1].name).unlink()
    for f in (*FILES, "results.sqlite"):
        (half / f).unlink()
    done = ends_well(mid("collect", half), "collect of a half", 1)
    expect(f"of {RUNS:,} runs have ended" in done.stderr and not files(half), f"collect of a half: {done.stderr!r}, wrote {sorted(files(half))}")
    expect(mid("show", half).stderr.count("have ended") == 1, "show of a half does not say that it is one")
    ends_well(mid(*LIST, "--out", half), "a share and the same without --shard")
    same(half, first, "a share and the same without --shard")

    chance = random.Random(SEED)
    for name in segments:
        text = bytearray(name.read_bytes())
        for _ in range(20):
            text[chance.randrange(len(text))] ^= 1 << chance.randrange(8)
        name.write_bytes(text[:chance.randrange(len(text) // 2, len(text))])
    again = mid("collect", out)
    expect("runs have ended" in again.stderr, f"damaged records count: {again.stderr!r}")
    ends_well(mid(*LIST, "--out", out), "after damage")
    same(out, first, f"after cut segments and flipped bits (seed {SEED})")


def check_helpers(folder, first):
    """Whoever starts processes may start shares: xargs and GNU parallel, as docs/clusters.md has them."""
    shares = {"xargs": "seq 4 | xargs -P 2 -I{} ", "parallel": "parallel -j 2 "}
    for name, begin in shares.items():
        expect(shutil.which(name, path=PATH), f"{name} is missing; ./check puts it into {CLUSTER}")
        out = folder / name
        words = " ".join([BIN, *LIST, "--out", str(out), "--shard", "{}/4"])
        command = begin + words + (" ::: 1 2 3 4" if name == "parallel" else "")
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], env={**os.environ, "PATH": PATH, "PARALLEL_HOME": str(folder)}, capture_output=True, text=True, timeout=TOO_LONG)
        expect(done.returncode == 0, f"{name}: {done.returncode}, {done.stderr[-300:]!r}")
        ends_well(mid("collect", out), f"collect after {name}")
        same(out, first, name)


def check_script(folder):
    """What --slurm would submit, and what it refuses."""
    quoted = folder / "it's here"
    quoted.mkdir()
    done = ends_well(mid(*GOOD, "--out", "out", "--slurm", "--dry-run", "--partition", "short", "--time", "1:30:00", "--memory", "2G", "--runs-per-task", "10",
                         "--jobs", "3", cwd=quoted), "dry run")
    expect(not list(quoted.iterdir()), f"a dry run has written {list(quoted.iterdir())}")
    script = done.stdout
    for line in ("#!/bin/bash\n", "#SBATCH --array=1-11\n", "#SBATCH --partition=short\n", "#SBATCH --time=1:30:00\n", "#SBATCH --mem=2G\n", "#SBATCH --cpus-per-task=3\n",
                 f"#SBATCH --output=\"{quoted}/out/slurm/%A_%a.txt\"\n", "--shard \"$SLURM_ARRAY_TASK_ID/11\"\n"):
        expect(line in script, f"the script lacks {line!r}:\n{script}")
    for task in range(1, 12):   # a task is a shell's script, and does its share
        run = subprocess.run(["bash", "-c", script], env={**os.environ, "SLURM_ARRAY_TASK_ID": str(task)}, cwd="/", capture_output=True, text=True, timeout=TOO_LONG)
        expect(run.returncode == 0, f"task {task}: {run.returncode}, {run.stderr[-300:]!r}")
    expect((quoted / "out/table.csv").read_bytes() == (folder / "short/table.csv").read_bytes(), "the tasks of the script give another table")
    next((quoted / "out/runs").iterdir()).unlink()
    again = mid(*GOOD, "--out", quoted / "out", "--slurm", "--dry-run", "--runs-per-task", "10", cwd=quoted)
    missing = [line for line in again.stdout.splitlines() if "--array" in line]
    expect(len(missing) == 1 and missing[0].split("=")[1].isdigit(), f"the one task of which a run is missing: {missing}, {again.stderr!r}")
    whole = mid(*LIST, "--out", folder / "whole", "--slurm", "--dry-run")
    expect(whole.returncode == 0 and "all runs have ended" in whole.stderr and not whole.stdout, f"nothing is missing: {whole.stderr!r}")

    no_slurm = {**os.environ, "PATH": str(folder)}
    bad = {"--partition": ["--slurm", "--dry-run", "--partition", "a b"], "--time": ["--slurm", "--dry-run", "--time", "1\n2"], "--memory": ["--slurm", "--dry-run", "--memory", "2G;"],
           "--out": ["--slurm", "--dry-run", "--out", "two\nlines"], "--runs-per-task": ["--slurm", "--runs-per-task", "0"], "--shard": ["--slurm", "--shard", "1/2"],
           "--json": ["--slurm", "--json"], "--slurm": ["--dry-run"], "sbatch": ["--slurm"]}
    for word, arguments in bad.items():
        out = [] if "--out" in arguments else ["--out", folder / "bad"]
        done = mid(*GOOD, *out, *arguments, env=no_slurm, cwd=folder)
        expect(done.returncode == 2 and word in done.stderr and done.stderr.count("\n") == 1 and not done.stdout, f"{arguments}: {done.returncode}, {done.stderr!r}")
    done = mid("sweep", "-", "--out", folder / "bad", "--slurm", "--dry-run")
    expect(done.returncode == 2 and "standard input" in done.stderr, f"a specification from standard input: {done.returncode}, {done.stderr!r}")
    done = mid("compare", "preset:dose", "--quick", "--out", folder / "bad2", "--slurm", "--dry-run")
    expect(done.returncode == 0 and "'compare' 'preset:dose'" in done.stdout and "'--quick'" in done.stdout, f"compare --slurm: {done.returncode}, {done.stderr!r}")
    done = mid("collect", folder)
    expect(done.returncode == 2 and "no sweep" in done.stderr, f"collect of no sweep: {done.returncode}, {done.stderr!r}")


def check_comparison(folder):
    """mid collect draws the fronts of a comparison that was shared out."""
    words = ["compare", "preset:tiny", "--settings", "1", "--seeds", "1", "--quick", "--no-cache", "--out", folder / "fronts"]
    for i in (1, 2):
        ends_well(mid(*words, "--shard", f"{i}/2"), f"share {i} of a comparison")
        (folder / "fronts/comparison.json").unlink(missing_ok=True)
        if i == 1:
            done = ends_well(mid("collect", folder / "fronts"), "collect of half a comparison", 1)
            expect("no fronts" in done.stderr, f"collect of half a comparison: {done.stderr!r}")
    done = ends_well(mid("collect", folder / "fronts"), "collect of a comparison")
    expect((folder / "fronts/comparison.txt").read_text() == done.stdout and "map inference" in done.stdout, f"collect of a comparison prints {done.stdout[:300]!r}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        first, short = check_whole(folder)
        check_shown(folder, first)
        check_database(folder, short)
        check_many_combinations(folder)
        check_killed(folder, first)
        check_shares(folder, first)
        check_helpers(folder, first)
        check_script(folder)
        check_comparison(folder)
    print("\n".join(problems) or f"{RUNS} runs give the same tables whole, killed, shared out and damaged")
    sys.exit(1 if problems else 0)


main()
