#!/usr/bin/env python3
"""Writes the table "What that costs" of docs/clusters.md, between its two marks: sweeps of the preset tiny, run by two processes as the
page says, collected, tabulated and shown, with what each step took. Rows of other sizes stay as they are.

    python3 docs/write_clusters.py 10000 100000 1000000     # sizes; two cores for 40 s, 7 minutes and an hour; 6 GB of disk for the last
        --mid build/release/bin/mid      the program
        --folder DIR                     where the sweeps lie (default: a temporary folder; each is deleted when it was measured)
        --machine TEXT                   what the page says of the machine
        --print                          print the rows and leave the page alone

A sweep that was interrupted goes on with --folder and the same sizes, but then its row would lack what the first part took: the
folder must be empty.
"""
import argparse
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

from written import put

ROOT = pathlib.Path(__file__).parent.parent
PAGE = ROOT / "docs/clusters.md"
BEGIN, END = "<!-- sizes: written by docs/write_clusters.py -->", "<!-- end of sizes -->"
SHARES = 2
# strengths x seeds of the sizes; a list of more than 10,000 is a long one
SIZES = {10_000: (100, 101), 100_000: (200, 500), 1_000_000: (1000, 1000)}
HEAD = ["runs", "strengths × seeds", "all runs: time", "processor", "a run", "memory a process", "segments", "looked through again",
        "`mid collect`, tables", "its memory", "results.sqlite", "table.csv", "`mid show`"]


def ended(process):
    """Waits for it, and gives the processor's seconds and its largest memory in bytes."""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, process.args))[:300]} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def work(commands, folder):
    """Runs them at once: seconds, seconds of the processor, largest memory of one."""
    start = time.monotonic()
    with open(folder / "output.txt", "ab") as output:
        used = [ended(process) for process in [subprocess.Popen(command, stdout=output) for command in commands]]
    return time.monotonic() - start, sum(seconds for seconds, _ in used), max(memory for _, memory in used)


def bytes_in(path):
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) if path.is_dir() else path.stat().st_size


def size(n):
    return f"{n / 1e9:.1f} GB" if n >= 1e9 else f"{n / 1e6:.0f} MB" if n >= 1e7 else f"{n / 1e6:.1f} MB"


def span(seconds):
    return f"{seconds / 60:.1f} min" if seconds >= 120 else f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"


def measure(mid, runs, folder):
    """The cells of a row."""
    strengths, seeds = SIZES[runs]
    folder.mkdir(parents=True)
    out = folder / "sweep"
    values = ",".join(f"{.01 * (i + 1):.6g}" for i in range(strengths))
    sweep = [mid, "sweep", "preset:tiny", "--vary", f"defense.lambda={values}", "--seeds", str(seeds), "--no-cache", "--jobs", "1", "--out", out]
    shares = [[*sweep, "--shard", f"{i + 1}/{SHARES}"] for i in range(SHARES)]
    taken, processor, memory = work(shares, folder)
    segments = bytes_in(out / "segments")
    again, _, _ = work(shares[:1], folder)
    collected, _, collecting = work([[mid, "collect", out]], folder)
    shown, _, _ = work([[mid, "show", out]], folder)
    n = strengths * seeds
    return [f"{n:,}", f"{strengths:,} × {seeds:,}", span(taken), span(processor), f"{1000 * processor / n:.2f} ms", size(memory), size(segments), span(again),
            span(collected), size(collecting), size(bytes_in(out / "results.sqlite")), size(bytes_in(out / "table.csv")), span(shown)]


def line(cells):
    return "| " + " | ".join(cells) + " |"


def runs_of(row):
    return int(row.split("|")[1].strip().replace(",", ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("runs", nargs="+", type=int, choices=sorted(SIZES))
    parser.add_argument("--mid", type=pathlib.Path, default=ROOT / "build/release/bin/mid")
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--machine", default=f"{os.cpu_count()} cores")
    parser.add_argument("--print", action="store_true")
    options = parser.parse_args()
    home = options.folder or pathlib.Path(tempfile.mkdtemp(prefix="midlab-clusters-"))
    if home.exists() and any(home.iterdir()):
        sys.exit(f"{home} is not empty; name another folder")
    rows = {}
    for runs in sorted(options.runs):
        cells = measure(options.mid.resolve(), runs, home / str(runs))
        print(line(cells), flush=True)
        rows[runs_of(line(cells))] = line(cells)
        shutil.rmtree(home / str(runs))
    home.rmdir()
    if options.print:
        return
    text = PAGE.read_text(encoding="utf-8")
    before, after = text[:text.index(BEGIN) + len(BEGIN)], text[text.index(END):]
    kept = [row for row in re.findall(r"^\| [\d,]+ \|.*$", text[len(before):len(text) - len(after)], re.M) if row.count("|") == len(HEAD) + 1]
    rows = {**{runs_of(row): row for row in kept}, **rows}
    said = f"{datetime.date.today():%-d %B %Y}, {options.machine}, {SHARES} processes"
    table = "\n".join([f"Measured on {said}:", "", line(HEAD), "|" + "---|" * len(HEAD), *(rows[n] for n in sorted(rows))])
    put(PAGE, f"{before}\n{table}\n{after}")


if __name__ == "__main__":
    main()
