#!/usr/bin/env python3
"""What is computed again when a file of the core changes (core/cmake/stages.cmake): a change of an attack retrains nothing, a change of
what a stage is made of makes it anew, and no list lacks a file that the stage's include lines lead to."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ["MIDLAB_SOURCE"])
CORE = SOURCE / "core"
STAGES = ["pca", "vae", "wgan_gp", "victim", "judge", "answers"]
# Where each stage's code begins, and headers at which following ends: the victim names the Oracle's types and models from files, which
# are not kept, a judge Spec and Result, but what they do decides nothing of what is trained.
BEGINS = {"pca": "attack/search/auxiliary_pictures.cpp", "vae": "attack/search/auxiliary_pictures.cpp", "wgan_gp": "attack/search/auxiliary_pictures.cpp", "victim": "experiment/target.cpp", "judge": "experiment/judge.cpp", "answers": "model/outside/outside.cpp"}
ENDS = {"pca": ("attack/attack.",), "vae": ("attack/attack.",), "wgan_gp": ("attack/attack.",), "victim": ("attack/", "oracle/", "experiment/loaded_model."), "judge": ("attack/", "report/", "experiment/measure", "experiment/experiment.", "experiment/spec."), "answers": ("data/", "nn/")}

problems = []


def fingerprints(mid, folder):
    """Runs the build's script over a tree: stage -> hash; "" is everything."""
    files = sorted(p for p in mid.rglob("*") if p.suffix in (".cpp", ".hpp", ".def"))
    (folder / "list.txt").write_text("".join(f"{p.relative_to(mid).as_posix()}={p}\n" for p in files))
    subprocess.run(["cmake", f"-DLIST={folder / 'list.txt'}", f"-DOUTPUT={folder / 'out.hpp'}", "-P", str(CORE / "cmake/fingerprint.cmake")], check=True, capture_output=True)
    text = (folder / "out.hpp").read_text()
    found = dict(re.findall(r'if \(stage == "(\w+)"\) return "(\w+)";', text))
    found[""] = re.search(r'\n  return "(\w+)";', text)[1]
    return found


def check_changes(folder):
    mid = folder / "mid"
    shutil.copytree(CORE / "mid", mid)
    before = fingerprints(mid, folder)
    if sorted(before) != sorted([*STAGES, ""]) or len({before[s] for s in ("pca", "victim", "judge", "")}) != 4:
        problems.append(f"the fingerprints are {before}")
    priors, computed = {"pca", "vae", "wgan_gp"}, set(STAGES) - {"answers"}   # answers come from elsewhere
    for name, changed in {"attack/ridge_inversion.cpp": set(), "oracle/oracle.cpp": set(), "report/text.cpp": set(), "experiment/measure_use.cpp": set(), "session/session.cpp": set(),
                          "attack/search/auxiliary_pictures.cpp": priors, "defense/mid.cpp": {"victim"}, "experiment/target.cpp": {"victim"}, "experiment/judge.cpp": {"judge"}, "measure/interval.cpp": {"judge"},
                          "experiment/dataset_cache.cpp": computed, "nn/fit.cpp": computed, "data/split.cpp": computed, "nn/ops.def": computed, "model/outside/answer_text.cpp": set(STAGES),
                          "base/archive.hpp": set(STAGES)}.items():
        file = mid / name
        text = file.read_bytes()
        file.write_bytes(text + b"\n// changed\n")
        after = fingerprints(mid, folder)
        file.write_bytes(text)
        found = {s for s in STAGES if after[s] != before[s]}
        if found != changed or after[""] == before[""]:
            problems.append(f"a change of {name} makes {sorted(found)} anew, not {sorted(changed)}{'' if after[''] != before[''] else ', and keeps the outcomes'}")
    (mid / "attack" / "new_attack.cpp").write_text("// new\n")
    after = fingerprints(mid, folder)
    if {s for s in ["", *STAGES] if after[s] != before[s]} != {""}:
        problems.append("a new attack file makes more anew than outcomes")


def check_lists():
    text = (CORE / "cmake/stages.cmake").read_text()
    lists = {name: words.replace("${mid_stage_pca}", "").split() for name, words in re.findall(r"set\(mid_stage_(\w+) ([^)]*)\)", text)}
    for stage in ("vae", "wgan_gp"):
        lists[stage] += lists["pca"]
    for stage, begin in BEGINS.items():
        seen, todo = set(), [begin]
        while todo:
            name = todo.pop()
            if name in seen or name.startswith(ENDS[stage]) and name != begin:
                continue
            seen.add(name)
            if not name.startswith(tuple(lists[stage])):
                problems.append(f"{stage} depends on {name}, and core/cmake/stages.cmake does not say so")
            for header in re.findall(r'#\s*include "mid/([^"]+)"', (CORE / "mid" / name).read_text()):
                todo += [str(p) for p in (header, str(pathlib.Path(header).with_suffix(".cpp"))) if (CORE / "mid" / p).exists()]
        if len(seen) < 10:
            problems.append(f"{stage}: only {len(seen)} files were followed")


with tempfile.TemporaryDirectory() as where:
    check_changes(pathlib.Path(where))
check_lists()
print("\n".join(problems) or "a new attack retrains nothing, and every stage's list is complete")
sys.exit(1 if problems else 0)
