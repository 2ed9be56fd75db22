#!/usr/bin/env python3
"""Measures what a visitor of the page may expect of each story at each stop of its slider, and writes docs/expected.json.

    python3 docs/write_expected.py [build/release/bin/mid [STORY...]]

Ten seeds a stop; a range is mean - 3 sd to mean + 3 sd, rounded outwards, as in the lessons. The page finds an entry by the
identity of the specification with seed 1 (`id`), so that a changed preset has no expectations until this ran again; a test
(tests/unit/ui) says so. With names of stories only these are measured again."""
import json
import pathlib
import statistics
import subprocess
import sys

from write_lessons import NARROWEST, outwards

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "docs/expected.json"
SEEDS = 10
# As in web/ui/story.cpp: what the slider sets, its stops, the two figures; what Off takes away beside the defence; what the page changes.
STORIES = {
    "visitors": ("beta", [0, .003, .01, .03, .1, .2], "accuracy", "line_up", ["model.bottleneck=0"], []),
    "confidence": ("beta", [0, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2], "accuracy", "attack_accuracy", [], []),
    "which-seven": ("beta", [0, .003, .01, .02, .04], "accuracy", "line_up", [], []),
    "face-from-name": ("beta", [0, .01, .03, .1, .3, 1], "accuracy", "line_up", ["model.bottleneck=0"], ["attack.judge=false"]),
    "survey-tree": ("lambda", [0, .005, .01, .02, .05, .1, .2, .4], "accuracy", "attack_accuracy", [], []),
    "dose": ("lambda", [0, .01, .1, .3, 1, 3, 30], "within_20_released", "attack_accuracy", [], []),
}


def expected(mid, story):
    parameter, stops, utility, privacy, off, always = STORIES[story]
    out = []
    for stop in stops:
        settings = always + (["defense.kind=none", *off] if stop == 0 else [f"defense.{parameter}={stop}"])
        words = [mid, "run", f"preset:{story}", "--json", "--seeds", str(SEEDS)]
        for s in settings:
            words += ["--set", s]
        runs = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["runs"]
        entry = {"id": runs[0]["id"], "story": story, "stop": stop}
        for role, group, figure in (("utility", "utility", utility), ("privacy", "privacy", privacy)):
            values = [r[group][figure]["value"] for r in runs]
            mean, sd = statistics.mean(values), statistics.stdev(values)
            half = max(3 * sd, NARROWEST)
            entry[role] = outwards(mean - half, mean + half, "proportion")
        print(entry, file=sys.stderr, flush=True)
        out.append(entry)
    return out


def main():
    mid = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/bin/mid")
    names = sys.argv[2:] or list(STORIES)
    kept = [e for e in json.loads(FILE.read_text(encoding="utf-8"))["stops"] if e["story"] not in names] if FILE.exists() else []
    for name in names:
        kept += expected(mid, name)
    order = list(STORIES)
    kept.sort(key=lambda e: (order.index(e["story"]), e["stop"]))
    text = '{"seeds": %d, "stops": [\n%s\n]}\n' % (SEEDS, ",\n".join(json.dumps(e) for e in kept))
    temporary = FILE.with_suffix(".part")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(FILE)


if __name__ == "__main__":
    main()
