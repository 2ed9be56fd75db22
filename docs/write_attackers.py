#!/usr/bin/env python3
"""Writes docs/attackers.md: how much an attacker gets by how often it may ask and by how many records of its own it has, and what a
private training hides.

    python3 docs/write_attackers.py [build/release/bin/mid [SECTION...]]

With names of sections only they are measured again: labels, confidences, data, private. No number in docs/attackers.md is written by hand."""
import json
import re
import subprocess
import sys
from pathlib import Path

from written import put

MID = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/mid"
PAGE = Path(__file__).parent / "attackers.md"
SEEDS = {"labels": 3, "confidences": 3, "data": 3, "private": 5}
TITLES = {"labels": "Questions by name only", "confidences": "Questions for confidences", "data": "Data",
          "private": "Private training: members hidden, genes named"}
NO_JUDGE = ["attack.judge=false"]
OFF = ["defense.kind=none", "model.bottleneck=0"]
INTRO = """# Attackers by what they may ask and what they have

Written by `python3 docs/write_attackers.py`. Means over seeds, their standard deviation in brackets: of few seeds, so differences as
small as that say nothing.
"""


def figures(seeds, preset, settings):
    words = [MID, "run", f"preset:{preset}", "--json", "--seeds", str(seeds)]
    for s in settings:
        words += ["--set", s]
    answer = json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    summary = answer["summary"]
    return {**summary["utility"], **summary["privacy"], **summary["information"]}, [r["notes"] for r in answer["runs"]]


def cell(f, name, digits):
    if name not in f or f[name].get("mean") is None:
        return "–"
    return f"{f[name]['mean']:.{digits}f} ({f[name]['sd'] or 0:.{digits}f})"


def table(seeds, columns, rows):
    """columns: (title, figure, digits); rows: (first cells, preset, settings)."""
    out = []
    for first, preset, settings in rows:
        f, notes = figures(seeds, preset, settings)
        cells = [*first, *(cell(f, name, digits) if isinstance(name, str) else name(f, notes) for _, name, digits in columns)]
        print(*cells, sep="   ", file=sys.stderr, flush=True)
        out.append("| " + " | ".join(cells) + " |")
    return out


def head(*titles):
    return ["| " + " | ".join(titles) + " |", "|---" * len(titles) + "|"]


def bound_words(notes):
    bound = notes.get("membership_bound", {}).get("tpr_at_fpr_10", 1)
    return f"{bound:.3f}" if bound < 1 else "none"


FACES = ("`face-from-name` without a defence, 40 people, {seeds} seeds. Line-up of 10: chance .10; nearest of 40: chance .025. Questions are "
         "for each person, those for a start and repeats included.")
PICTURES = [("line-up", "line_up", 2), ("correlation", "correlation", 3), ("nearest of 40", "nearest_class", 3)]


def faces(seeds, title, text, columns, rows):
    rows = [(first, "face-from-name", [*settings, *NO_JUDGE]) for first, settings in rows]
    return "\n".join([f"## {title}\n\n{FACES.format(seeds=seeds)} {text}\n", *head("answers", "questions", *(t for t, _, _ in columns)),
                      *table(seeds, columns, rows)])


def labels(seeds):
    rows = [(("label only", str(q)), [*OFF, "release.kind=label_only", "attack.kind=brep_mi", f"attack.queries={q}"])
            for q in (500, 1000, 3000, 10000)]
    return faces(seeds, TITLES["labels"], "`brep_mi` hears the most likely name only; the last column is where it began.",
                 [*PICTURES, ("correlation of the start", "correlation_start", 3)], rows)


def confidences(seeds):
    rows = [((words, str(q)), [*OFF, *settings, "attack.kind=cma_es", f"attack.queries={q}"])
            for words, settings in (("everything", []), ("rounded to 2 decimals", ["release.kind=round", "release.decimals=2"]),
                                    ("label only", ["release.kind=label_only"]))
            for q in (150, 500, 1000, 2000)]
    rows += [(("the weights, `mi_face`", "–"), OFF), (("the weights, LOMMA's cost", "–"), [*OFF, "attack.cost=lomma"])]
    return faces(seeds, TITLES["confidences"], "`cma_es` sees what is released of the confidences; whoever holds the weights asks nothing.", PICTURES, rows)


def data(seeds):
    text = [f"## {TITLES['data']}\n\nHow much the attacker gets by how many people (`visitors`) or digits (`which-seven`) it has of its own to learn from: "
            f"`mid sweep preset:visitors --vary data.auxiliary=5,10,20,41 --seeds {seeds} --out curve` draws the same. The victims are the same for "
            "every size. Line-up of 10: chance .10.\n"]
    columns = [("line-up", "line_up", 3), ("R²", "r_squared", 3), ("correlation", "correlation", 3)]
    rows = []
    for words, settings in (("none", OFF), ("MID β .1", [])):
        for n in (5, 10, 20, 41):
            rows.append((("visitors", words, str(n)), "visitors", [*settings, f"data.auxiliary={n}"]))
    for words, settings in (("none", ["defense.kind=none"]), ("MID β .003", [])):
        for n in (100, 200, 400, 800, 997):
            rows.append((("which-seven", words, str(n)), "which-seven", ["data.name=digits", "data.private=500", "data.held_out=300", f"data.auxiliary={n}", *settings]))
    return "\n".join([*text, *head("story", "defence", "own people or digits", *(t for t, _, _ in columns)), *table(seeds, columns, rows)])


def private(seeds):
    text = [f"## {TITLES['private']}\n\nWarfarin doses, regressions on 60 and on 890 patients, {seeds} seeds. `membership` asks whether a "
            "patient was among them (of its two attackers, gap and ratio, both are shown; no knowledge: .5), `map_inference` names the gene of patients of the held-out "
            "rows from the exact answer. The bound is e^ε · .1: no attacker finds more of the members while it mistakes one stranger in ten for one.\n"]
    columns = [("error of the dose", "rmse", 1), ("members: AUC, ratio", "auc", 3), ("AUC, gap", "auc_gap", 3), ("found at 10 % false, gap", "tpr_at_fpr_10_gap", 3),
               ("bound", lambda f, notes: bound_words(notes[0]), 0)]
    rows = []
    for n, epsilon in ((60, None), (60, 10), (60, 1), (890, None), (890, 100), (890, 10), (890, 1)):
        base = [f"data.private={n}", "data.held_out=445", "data.auxiliary=445"]
        words = f"{n} patients, " + ("no defence" if epsilon is None else f"functional mechanism, ε {epsilon}")
        defence = ["defense.kind=none"] if epsilon is None else ["defense.kind=functional_mechanism", f"defense.epsilon={epsilon}"]
        genes, _ = figures(seeds, "dose", [*base, *defence, "attack.kind=map_inference"])
        named = genes["attack_accuracy"]
        line = table(seeds, columns, [((words,), "dose", [*base, *defence, "attack.kind=membership"])])[0]
        rows.append(line + f" {named['mean']:.3f} ({named['sd'] or 0:.3f}) | {named['baseline']:.3f} |")
    return "\n".join([*text, *head("training", *(t for t, _, _ in columns), "gene named", "most frequent gene"), *rows])


def main():
    parts = {}
    if PAGE.exists():
        for part in re.split(r"\n(?=## )", PAGE.read_text(encoding="utf-8"))[1:]:
            parts[part.split("\n")[0][3:]] = part.strip()
    sections = {"labels": labels, "confidences": confidences, "data": data, "private": private}
    for name in sys.argv[2:] or sections:
        parts[TITLES[name]] = sections[name](SEEDS[name])
        text = "\n\n".join([INTRO.strip(), *(parts[t] for t in TITLES.values() if t in parts)]) + "\n"
        put(PAGE, text)


if __name__ == "__main__":
    main()
