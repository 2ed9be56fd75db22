#!/usr/bin/env python3
"""Writes docs/comparison.md and its pictures: who gives away least at equal utility, by `mid compare`.

    python3 docs/write_comparison.py              # 5 seeds; finished runs come from the folder and the stage cache
    python3 docs/write_comparison.py confidence visitors   # these alone; the other sections stay as they were
    python3 docs/write_comparison.py --quick      # an overview, printed and not written

A folder holds the runs of one build; MIDLAB_BIN names another program than build/release/bin/mid. With --kept nothing is run, and what
finished comparisons left in build/comparison is written.

Every sentence with a number in it is made from the table above it."""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MID, KEPT = Path(os.environ.get("MIDLAB_BIN", ROOT / "build/release/bin/mid")), ROOT / "build/comparison"
STORIES = [("visitors", "Draw the visitor"), ("confidence", "The confidence that tells your sex"), ("which-seven", "Which seven was it?"), ("face-from-name", "A face from a name")]


def compared(preset, quick):
    out = KEPT / (preset + ("-quick" if quick else ""))
    if "--kept" not in sys.argv:
        subprocess.run([MID, "compare", f"preset:{preset}", "--out", out, *(["--quick"] if quick else [])], check=True, stdout=subprocess.DEVNULL)
    return json.loads((out / "comparison.json").read_text()), out


def best(row):
    gets = [(a["mean"], a["sd"] or 0, i) for i, a in enumerate(row["attackers"]) if a]
    return max(gets) if gets else None


def shown(x, unit):
    return f"{100 * x:.1f} %" if unit == "proportion" else f"{x:.3f}"


def sentences(c):
    """Who wins, and where MID fails, in plain words."""
    unit, rows = c["judged_unit"], [r for r in c["rows"] if best(r)]
    equal = sorted((r for r in rows if r["equal"]), key=lambda r: best(r)[0])
    named = {r["name"]: r for r in rows}
    plain, mid = named.get("no defence"), named.get("mid")
    out = []
    first = equal[0]
    alike = [r for r in equal[1:] if best(r)[0] - best(first)[0] <= max(best(r)[1], best(first)[1])]
    out.append(f"* Least is given away by **{first['name']}** ({shown(best(first)[0], unit)} for the best attacker)" +
               (", within a standard deviation of it " + ", ".join(f"{r['name']} ({shown(best(r)[0], unit)})" for r in alike) if alike else "") + ".")
    if mid and plain:
        left, there = best(mid)[0] - c["baseline"], best(plain)[0] - c["baseline"]
        place = 1 + equal.index(mid) if mid in equal else None
        out.append(f"* **MID** leaves its best attacker {shown(best(mid)[0], unit)} of {shown(best(plain)[0], unit)} without a defence: it takes away {100 * (1 - left / there):.0f} % of what was gained over {shown(c['baseline'], unit)}."
                   + (f" It is number {place} of {len(equal)} at equal utility." if place else ""))
        asked_once = c["attackers"][best(mid)[2]].split(",")[0]
        naive = mid["attackers"][c["attackers"].index(asked_once)]
        if naive and best(mid)[0] - naive["mean"] > max(best(mid)[1], naive["sd"] or 0):
            out.append(f"* Judged by one answer to {asked_once} alone MID would look better than it is: {shown(naive['mean'], unit)} instead of {shown(best(mid)[0], unit)} ({c['attackers'][best(mid)[2]]}).")
        for r in equal:
            if r is not mid and best(r)[0] < best(mid)[0] - max(best(r)[1], best(mid)[1]):
                out.append(f"* **{r['name']}** beats MID: {shown(best(r)[0], unit)}, at {c['utility']} {shown(r['utility']['mean'], c['utility_unit'])} to {shown(mid['utility']['mean'], c['utility_unit'])}.")
    lost = [r["name"] for r in rows if not r["equal"]]
    if lost:
        out.append(f"* No setting that was tried keeps the utility: {', '.join(lost)}.")
    return "\n".join(out)


def story(preset, title, quick):
    c, folder = compared(preset, quick)
    picture = f"pictures/comparison-{preset}.png"
    if not quick:
        shutil.copy(folder / "comparison.png", ROOT / "docs" / picture)
    table = (folder / "comparison.md").read_text()
    heading = "\n".join((folder / "comparison.txt").read_text().splitlines()[:3])
    troubles = "".join(f"\n* {t}" for t in c["troubles"])
    return f"""## {title} (`preset:{preset}`)

{heading}

{table}
{sentences(c)}{troubles}

![What the best attacker gets at equal utility]({picture})
"""


def written():
    """The sections that an earlier run wrote, by preset."""
    document = ROOT / "docs/comparison.md"
    parts = re.split(r"^(?=## )", document.read_text(encoding="utf-8") if document.exists() else "", flags=re.M)[1:]
    return {re.search(r"`preset:([a-z-]+)`", part)[1]: part.rstrip("\n") + "\n" for part in parts}


def main():
    quick = "--quick" in sys.argv
    chosen = [s for s in STORIES if not any(a in dict(STORIES) for a in sys.argv[1:]) or s[0] in sys.argv]
    sections = ({} if quick else written()) | {p: story(p, t, quick) for p, t in chosen}
    parts = [sections[p] for p, _ in STORIES if p in sections]
    missing = ", ".join(f"`preset:{p}`" for p, _ in STORIES if p not in sections)
    missing = f"\n\nNot run yet: {missing}." if missing else ""
    text = """# Who gives away least

Every defence at equal utility, under every attacker: what counts is the attacker that gets most (in bold), never the naive one alone. Written by docs/write_comparison.py from `mid compare`; 5 seeds, mean ± standard deviation. These are small models and midlab's own implementations: the numbers are neither the paper's nor those of the methods' authors.

The specification's own MID strength says which utility the others must keep. A rival is taken at its strongest setting that keeps it, of a handful that were tried; repeats (10 answers) are asked where answers carry fresh noise. A trained attacker learns for 30 rounds at most, not its 100: on which-seven they gain it a few points more. *nearest* is no model: the attacker's own picture with the nearest answer, which a trained attacker must beat.""" + missing + "\n\n" + "\n".join(parts)
    if quick:
        print(text)
    else:
        (ROOT / "docs/comparison.md").write_text(text, encoding="utf-8")


main()
