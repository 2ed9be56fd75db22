#!/usr/bin/env python3
"""Measures what the lessons of docs/lessons promise, and writes the figures into them.

    python3 docs/write_lessons.py [build/release/bin/mid [KEY...]]

Every step is run with ten seeds. An expectation of one figure gets mean, sd and, as its range, mean - 3 sd to mean + 3 sd,
rounded outwards. An expectation against an earlier step ("than") has a range written by hand, which says what the lesson
claims; it gets mean and sd, and a seed that breaks it is an error: then the lesson must say something else. Nothing is
written before all of a lesson's promises hold. At the end five fresh seeds are asked, whose figures are not used."""
import concurrent.futures
import json
import math
import pathlib
import statistics
import subprocess
import sys
import tempfile

from written import put

ROOT = pathlib.Path(__file__).resolve().parent.parent
MID = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/bin/mid")
SEEDS, FRESH = 10, 5
NARROWEST = .01  # half of the narrowest range, of a proportion; else of the mean


def runs(lesson, step, first, seeds, cache):
    fields = {**lesson.get("set", {}), **step.get("set", {})}
    words = [MID, "run", f"preset:{lesson['preset']}", "--json", "--seeds", str(seeds), "--cache", cache, "--set", f"seed={first}"]
    # Entries before their own fields, as the core does.
    for path in sorted(fields, key=lambda p: p.split(".")[-1] not in ("kind", "name")):
        words += ["--set", f"{path}={json.dumps(fields[path])}"]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["runs"]


def values(expectation, measured, i):
    """One number a seed: the figure, or how far it lies above that of the earlier step."""
    def of(step):
        return [r[expectation["group"]][expectation["measure"]]["value"] for r in measured[step]]
    return [a - b for a, b in zip(of(i), of(expectation["than"] - 1))] if "than" in expectation else of(i)


def outwards(low, high, unit):
    size = 2 if unit == "proportion" else 0 if max(abs(low), abs(high)) >= 10 else 2  # leaves are whole
    low, high = (math.floor(low * 10 ** size + 1e-9) / 10 ** size, math.ceil(high * 10 ** size - 1e-9) / 10 ** size)
    return (max(low, 0), min(high, 1)) if unit == "proportion" else (low, high)


def holds(expectation, value):
    return expectation.get("low", -math.inf) <= value <= expectation.get("high", math.inf)


def measure(path, cache):
    lesson = json.loads(path.read_text(encoding="utf-8"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        measured = list(pool.map(lambda s: runs(lesson, s, 1, SEEDS, cache), lesson["steps"]))
        fresh = list(pool.map(lambda s: runs(lesson, s, SEEDS + 1, FRESH, cache), lesson["steps"]))
    broken, asked, kept = [], 0, 0
    for i, step in enumerate(lesson["steps"]):
        for e in step["expect"]:
            seen, unit = values(e, measured, i), measured[i][0][e["group"]][e["measure"]]["unit"]
            mean, sd = statistics.mean(seen), statistics.stdev(seen)
            e["mean"], e["sd"], e["unit"] = round(mean, 4), round(sd, 4), unit
            if "than" not in e and sd == 0 and unit != "proportion":
                e["low"] = e["high"] = mean  # a count that is always the same
            elif "than" not in e:
                half = max(3 * sd, NARROWEST * (1 if unit == "proportion" else abs(mean)))
                e["low"], e["high"] = outwards(mean - half, mean + half, unit)
            for seed, value in enumerate(seen, 1):
                if not holds(e, value):
                    broken.append(f"{path.name}: step {i + 1}, {e['measure']} of seed {seed} is {value:.4g}, promised {e.get('low')} to {e.get('high')}")
            asked += FRESH
            kept += sum(holds(e, v) for v in values(e, fresh, i))
            than = f" against step {e['than']}" if "than" in e else ""
            print(f"{path.stem} {i + 1}: {e['measure']}{than} {mean:.4g} ({sd:.2g}), seeds {min(seen):.4g} to {max(seen):.4g}, range {e.get('low')} to {e.get('high')}", flush=True)
    if not broken:
        put(path, json.dumps(lesson, indent=1, ensure_ascii=False) + "\n")
    return broken, asked, kept


def main():
    broken, asked, kept = [], 0, 0
    with tempfile.TemporaryDirectory() as cache:
        for path in [*sorted((ROOT / "docs/lessons").glob("*.json")), *sorted((ROOT / "core/teach/tours").glob("*.json"))]:
            if len(sys.argv) > 2 and json.loads(path.read_text(encoding="utf-8"))["key"] not in sys.argv[2:]:
                continue
            b, a, k = measure(path, cache)
            broken, asked, kept = broken + b, asked + a, kept + k
    print("\n".join(broken))
    print(f"{kept} of {asked} expectations hold at seeds {SEEDS + 1} to {SEEDS + FRESH}, which had no part in them; {len(broken)} promises broken")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
