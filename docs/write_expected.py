#!/usr/bin/env python3
"""Measures what a visitor of the page may expect of each story at each stop of its slider, and writes docs/expected.json.

    python3 docs/write_expected.py [build/release/bin/mid [STORY...]]

Ten seeds a stop; a range is mean - 3 sd to mean + 3 sd, rounded outwards, as in the lessons; beside it the mean
and what guessing reaches. The page finds an entry by the
identity of the specification with seed 1 (`id`), so that a changed preset has no expectations until this ran again; a test
(tests/unit/ui) says so. With names of stories only these are measured again."""
import json
import pathlib
import statistics
import subprocess
import sys

from write_lessons import NARROWEST, outwards
from written import put

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE = ROOT / "docs/expected.json"
SEEDS = 10


def stories():
    """The stories of the page that have a preset (core/teach/stories), in their order."""
    files = {f.stem: json.loads(f.read_text(encoding="utf-8")) for f in (ROOT / "core/teach/stories").glob("*.json")}
    shown = {name: s for name, s in files.items() if "page" in s and "specification" in s}
    return {name: s["page"] for name, s in sorted(shown.items(), key=lambda item: item[1]["order"])}


STORIES = stories()


def settings_of(page, stop):
    """What `mid run --set` sets for a stop of the slider, as the page does."""
    slider, value = page["slider"], lambda v: v if isinstance(v, str) else json.dumps(v)
    at = {"defense.kind": "none", **slider.get("off", {})} if stop == 0 else {f"defense.{slider['parameter']}": stop}
    return [f"{path}={value(v)}" for path, v in {**page.get("changes", {}), **at}.items()]


def expected(mid, story):
    page, out = STORIES[story], []
    for stop in page["slider"]["stops"]:
        words = [mid, "run", f"preset:{story}", "--json", "--seeds", str(SEEDS)]
        for s in settings_of(page, stop):
            words += ["--set", s]
        runs = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)["runs"]
        entry = {"id": runs[0]["id"], "story": story, "stop": stop}
        for role, figure in page["figures"].items():
            values = [r[role][figure]["value"] for r in runs]
            mean, sd = statistics.mean(values), statistics.stdev(values)
            half = max(3 * sd, NARROWEST)
            entry[role] = outwards(mean - half, mean + half, "proportion")
            guesses = [b for b in (r[role][figure]["baseline"] for r in runs) if b is not None]
            entry[f"{role}_mean"] = round(mean, 3)
            entry[f"{role}_guess"] = round(statistics.mean(guesses), 3) if guesses else None
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
    put(FILE, text)


if __name__ == "__main__":
    main()
