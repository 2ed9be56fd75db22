#!/usr/bin/env python3
"""Figures that two builds must have in common to the last bit: before and after a change that should move nothing (another compiler,
other options, code moved about). No part of ./check.

    figures_same.py write FILE.json [--mid PROGRAM]     runs every specification and keeps utility, privacy and information
    figures_same.py compare BEFORE.json AFTER.json      says where they differ; exit status 1 if anywhere

A figure that got another name is compared under the new one.

Every preset as it is, and small specifications with every kind of model, data set, defence, release and attack. An entry that no
specification names is a failure, so that a new one gets its line here.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GROUPS = ("utility", "privacy", "information")
# What a figure of the earlier build is called now (FigureKind::formerly).
RENAMED = {"detail_back": "r_squared",
           **{f"{name}_code": f"{name}_embedding" for name in ("information", "mixture_upper", "mixture_lower", "leave_one_out")}}

# Short trainings: a preset and what is set after it.
FACES = "visitors train.epochs=3"
SEX = "confidence train.epochs=2 data.private=600 data.held_out=600"
SEVEN = "which-seven train.epochs=2 data.private=500 data.held_out=200 data.attacked=300"
NAME = "face-from-name train.epochs=3 attack.steps=20"
TREE = "survey-tree data.private=2000 data.held_out=500"
DOSE = "dose"
SPECS = [
    *(f"{FACES} defense.kind={kind}" for kind in ("none model.bottleneck=0", "bido", "dropout", "label_smoothing", "purification defense.epochs=20")),
    f"{FACES} train.shifts=0 defense.kind=dp_sgd",
    *(f"{FACES} release.kind={kind}" for kind in ("label_only", "mixing", "noise", "round", "sticky", "top_k")),
    f"{FACES} model.activation=tanh model.hidden=[48,32] train.optimizer=sgd",
    f"{FACES} attack.kind=inversion_network attack.epochs=2 attack.hidden=[64]",
    f"{FACES} release.of=embedding release.kind=round attack.repeats=3",
    f"{FACES} seed=2",
    f"{FACES} attack.kind=none",
    *(f"{SEX} defense.kind={kind}" for kind in ("none", "conditional_mid", "bido", "dp_sgd", "dropout", "label_smoothing", "purification defense.epochs=20")),
    *(f"{SEX} release.kind={kind}" for kind in ("label_only", "noise", "round", "sticky attack.repeats=5")),
    f"{SEX} data.sensitive=married seed=2",
    f"{SEVEN} release.of=embedding",
    f"{SEVEN} defense.kind=conditional_mid",
    f"{SEVEN} attack.prior=pca attack.regularisation=0.01",
    f"{SEVEN} data.name=digits data.held_out=100",
    f"{NAME} attack.prior=pixels",
    f"{NAME} attack.adversary=eot attack.draws=2",
    f"{NAME} attack.prior=vae attack.epochs=5 attack.judge=false",
    f"{NAME} attack.kind=gmi attack.steps=10 attack.generator_steps=20 attack.judge=false",
    *(f"{NAME} attack.judge=false attack.kind={kind}" for kind in
      ("brep_mi attack.queries=500", "cma_es attack.queries=500", "ked_mi attack.steps=5 attack.epochs=2")),
    f"{SEX} attack.kind=learned_inference release.of=embedding",
    f"{SEX} defense.kind=adversarial",
    *(f"{FACES} defense.kind={kind}" for kind in ("cem", "fisher_noise", "trained_noise")),
    *(f"{NAME} defense.kind={kind}" for kind in ("transfer", "trap_mid")),
    "label-from-update train.epochs=2 data.attacked=40 attack.updates=60 attack.networks=2 attack.epochs=4",
    *(f"{TREE} defense.kind={kind}" for kind in ("none", "mid_targeted", "dp_tree", "depth_placement", "mid defense.by=pruning")),
    *(f"{TREE} attack.kind={kind}" for kind in ("tree_white_box", "csmia", "lomia")),
    f"{TREE} model.numeric=cuts",
    f"{TREE} release.kind=label_only",
    "steak-tree attack.kind=csmia",
    *(f"{DOSE} defense.kind={kind}" for kind in ("none", "ridge", "functional_mechanism")),
    f"{DOSE} release.kind=round",
    f"{DOSE} data.name=synthetic-dose",
    f"{DOSE} data.name=diabetes data.private=300 data.held_out=100",
    f"{DOSE} defense.kind=none model.kind=black_box model.command=[\"python3\",\"{SOURCE}/tests/system/answer.py\"]",
    "survey-tree data.name=affairs data.sensitive=children data.rows=600 data.private=400 data.held_out=200",
]


def run(mid, line):
    preset, *settings = line.split()
    command = [mid, "run", f"preset:{preset}", "--json", "--no-cache", *(x for s in settings for x in ("--set", s))]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        return f"{line}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}"
    result = json.loads(done.stdout)
    return {"spec": result["spec"], **{group: result[group] for group in GROUPS}}


def chosen(schema, spec):
    """The entries that a specification names, as (section, entry)."""
    return {(part, spec[part].get("kind") or spec[part].get("name")) for part in schema if isinstance(spec.get(part), dict)}


def entries(schema):
    out = {}
    for part, section in schema.items():
        names = {option["properties"].get("kind", option["properties"].get("name", {})).get("const") for option in section.get("oneOf", [])}
        if names:
            out[part] = names - {"csv", None}   # a table of one's own needs a file
    return out


def write(file, mid):
    presets = subprocess.run([mid, "run", "preset:"], capture_output=True, text=True).stderr
    presets = presets.split("the presets are ")[1].strip().replace(" or ", ", ").split(", ")
    lines = [*presets, *SPECS]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = dict(zip(lines, pool.map(lambda line: run(mid, line), lines)))
    bad = [text for text in results.values() if isinstance(text, str)]
    known = entries(json.loads(subprocess.run([mid, "schema"], capture_output=True, text=True, check=True).stdout)["properties"])
    seen = set().union(*(chosen(known, result["spec"]) for result in results.values() if not isinstance(result, str)))
    bad += [f"no specification here has {part} {name}: add one to {pathlib.Path(__file__).name}"
            for part, names in known.items() for name in sorted(names) if (part, name) not in seen]
    if bad:
        sys.exit("\n".join(bad))
    pathlib.Path(file).write_text(json.dumps({line: {group: result[group] for group in GROUPS} for line, result in results.items()}, indent=1) + "\n")
    print(f"{len(results)} specifications written to {file}")


def compare(before, after):
    before, after = (json.loads(pathlib.Path(file).read_text()) for file in (before, after))
    bad = [f"{line}: only in one of both" for line in before.keys() ^ after.keys()]
    figures = 0
    for line in before.keys() & after.keys():
        for group in GROUPS:
            one, other = ({RENAMED.get(name, name): m for name, m in side[line][group].items()} for side in (before, after))
            figures += len(one)
            bad += [f"{line}: {group}.{name}: {one.get(name)} and {other.get(name)}"
                    for name in sorted(one.keys() | other.keys()) if one.get(name) != other.get(name)]
    print("\n".join(sorted(bad)) or f"{len(before)} specifications, {figures} figures: the same to the last bit")
    sys.exit(1 if bad else 0)


def far(a, b, tolerance):
    """Figures of two results that differ by more, relatively to their size: where a door between them rounds."""
    out = []
    for group in ("utility", "privacy"):
        for name, m in a[group].items():
            for part in ("value", "baseline", "low", "high", "n"):
                x, y = m.get(part), b[group].get(name, {}).get(part)
                if (x is None) != (y is None) or (x is not None and abs(x - y) > tolerance * max(1, abs(x))):
                    out.append(f"{group}.{name}.{part}: {x} and {y}")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, dest="command")
    writing = commands.add_parser("write")
    writing.add_argument("file")
    writing.add_argument("--mid", default=SOURCE / "build/release/bin/mid")
    comparing = commands.add_parser("compare")
    comparing.add_argument("before")
    comparing.add_argument("after")
    arguments = parser.parse_args()
    if arguments.command == "write":
        write(arguments.file, arguments.mid)
    else:
        compare(arguments.before, arguments.after)


if __name__ == "__main__":
    main()
