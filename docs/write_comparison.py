#!/usr/bin/env python3
"""Writes docs/comparison.md and its pictures: the front of every defence under every attacker, by `mid compare`.

    python3 docs/write_comparison.py              # a day of two cores; finished runs come from the folder and the stage cache
    python3 docs/write_comparison.py confidence visitors   # these alone; the other sections stay as they were
    python3 docs/write_comparison.py --quick      # an overview, printed and not written

A folder holds the runs of one build; MIDLAB_BIN names another program than build/release/bin/mid. With --kept nothing is run, and what
finished comparisons left in build/comparison is written.

Every sentence with a number in it is made from the runs."""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from written import put

ROOT = Path(__file__).parent.parent
MID, KEPT = Path(os.environ.get("MIDLAB_BIN", ROOT / "build/release/bin/mid")), ROOT / "build/comparison"
SETTINGS, SEEDS = 8, 6
INSIDE = ["--set", "release.of=embedding"]
# Name of the section, preset, further options, heading.
STORIES = [("visitors", "visitors", [], "Draw the visitor"), ("confidence", "confidence", [], "The confidence that tells your sex"),
           ("which-seven", "which-seven", [], "Which seven was it?"), ("face-from-name", "face-from-name", [], "A face from a name"),
           ("visitors-inside", "visitors", INSIDE, "Draw the visitor, from the numbers inside"),
           ("which-seven-inside", "which-seven", INSIDE, "Which seven was it, from the numbers inside?")]


def story(name, preset, options, title, quick):
    out = KEPT / (name + ("-quick" if quick else ""))
    size = ["--quick"] if quick else ["--settings", str(SETTINGS), "--seeds", str(SEEDS)]
    if "--kept" not in sys.argv:
        subprocess.run([MID, "compare", f"preset:{preset}", *options, "--out", out, *size], check=True, stdout=subprocess.DEVNULL)
    text = subprocess.run([MID, "show", out], check=True, capture_output=True, text=True).stdout.split("\n\n")
    heading, table = text[0], (out / "comparison.md").read_text(encoding="utf-8")
    sentences = "\n".join(f"* {line}" for line in text[2].strip().splitlines())
    families = json.loads((out / "comparison.json").read_text(encoding="utf-8"))["families"]
    attackers = sorted({a for f in families for s in f["settings"] for a in s["attackers"]})
    picture = f"pictures/comparison-{name}.png"
    if not quick:
        shutil.copy(out / "comparison.png", ROOT / "docs" / picture)
    what = " ".join([f"preset:{preset}", *options])
    return f"""## {title}

`{what}`: {heading}

Attackers: {", ".join(attackers)}.

{sentences}

{table}
![The front of each defence]({picture})
"""


def written():
    """The sections that an earlier run wrote, by heading."""
    document = ROOT / "docs/comparison.md"
    parts = re.split(r"^(?=## )", document.read_text(encoding="utf-8") if document.exists() else "", flags=re.M)[1:]
    return {part.splitlines()[0][3:]: part.rstrip("\n") + "\n" for part in parts}


def main():
    quick = "--quick" in sys.argv
    chosen = [s for s in STORIES if not any(a == s[0] for a in sys.argv[1:] for s in STORIES) or s[0] in sys.argv]
    sections = ({} if quick else written()) | {s[3]: story(*s, quick) for s in chosen}
    parts = [sections[s[3]] for s in STORIES if s[3] in sections]
    missing = ", ".join(s[3] for s in STORIES if s[3] not in sections)
    missing = f"\n\nNot run yet: {missing}." if missing else ""
    text = f"""# Who gives away least

The front of every defence: {SETTINGS} settings of each, every one under every attacker, {SEEDS} seeds. Written by docs/write_comparison.py from `mid compare`; [method.md](method.md), section 7, says how settings are drawn and what the numbers mean. These are small models and midlab's own implementations: the numbers are neither the paper's nor those of the methods' authors.

A *volume* is the part of the plane between the guess and the model without a defence that a front covers: 100 % would be a perfect model that tells nothing, 0 % one that is no better than guessing or than no defence. *Leak at 95 %* is what the best attacker gets of the people by whom the setting was not chosen, at the setting with the least leak that keeps 95 % of the utility. A trained attacker learns for 30 rounds at most, not its 100. *nearest* is no model: the attacker's own picture with the nearest answer, which a trained attacker must beat.""" + missing + "\n\n" + "\n".join(parts)
    if quick:
        print(text)
    else:
        put(ROOT / "docs/comparison.md", text)


main()
