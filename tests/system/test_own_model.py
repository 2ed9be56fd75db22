#!/usr/bin/env python3
"""A model trained elsewhere is attacked as it is: one of midlab's own files gives the figures of its run, one exported by the
code in docs/own-model.md answers as PyTorch (where it is installed) or NumPy says, and what does not fit is refused.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np

BIN, SOURCE = os.environ["MIDLAB_BIN"], pathlib.Path(os.environ["MIDLAB_SOURCE"])


def mid(folder, *arguments, fails=False):
    run = subprocess.run([BIN, *arguments, "--cache", str(folder / "cache")], cwd=folder, capture_output=True, text=True)
    if (run.returncode == 2) != fails or run.returncode not in (0, 2):
        sys.exit(f"mid {' '.join(arguments)} ended with {run.returncode}: {run.stderr}{run.stdout}")
    return run.stderr if fails else json.loads(run.stdout) if "--json" in arguments else run.stdout


class Stand:
    """Stands in for a tensor where PyTorch is not installed."""
    def __init__(self, value): self.value = value
    def detach(self): return self
    def cpu(self): return self
    def numpy(self): return self.value


def network(random):
    """Weights of 2-6-3 and 2-6-1, in a torch.nn.Sequential if there is one."""
    def values(shape): return random.normal(size=shape).astype("f4")
    layers = {"0.weight": values((6, 2)), "0.bias": values(6), "2.weight": values((3, 6)), "2.bias": values(3)}
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed: its state_dict is imitated")
        class Model:
            def state_dict(self): return {k: Stand(v) for k, v in layers.items()}
        return Model(), layers, None
    model = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.ReLU(), torch.nn.Linear(6, 3))
    model.load_state_dict({k: torch.tensor(v) for k, v in layers.items()})
    return model, layers, torch


def check_round_trip(folder):
    base = ["run", "preset:confidence", "--set", "data.private=400", "--set", "data.open=600", "--set", "data.held_out=500", "--set", "train.epochs=3"]
    first = mid(folder, *base, "--json")
    mid(folder, *base, "--out", "own")
    again = mid(folder, *base, "--set", "model.file=own/model.safetensors", "--set", "defense.kind=none", "--json")
    for group in ("utility", "information"):
        for name, m in first[group].items():
            if again[group].get(name, {}).get("value") != m["value"]:
                sys.exit(f"{name} of the file is {again[group].get(name)}, of the run that wrote it {m}")
    for name in ("attack_accuracy", "advantage"):
        if again["privacy"][name] != first["privacy"][name]:
            sys.exit(f"{name} of the file is {again['privacy'][name]}, of the run {first['privacy'][name]}")
    dose = ["run", "preset:dose", "--set", "data.private=600"]
    first = mid(folder, *dose, "--json")
    mid(folder, *dose, "--out", "dose")
    again = mid(folder, *dose, "--set", "model.file=dose/model.safetensors", "--set", "defense.kind=none", "--json")
    assert again["privacy"] == first["privacy"], (again["privacy"], first["privacy"])
    tree = ["run", "preset:survey-tree", "--set", "data.rows=2000", "--set", "data.private=1500", "--set", "data.held_out=500"]
    first = mid(folder, *tree, "--json")
    mid(folder, *tree, "--out", "tree")
    again = mid(folder, *tree, "--set", "model.file=tree/tree.json", "--set", "defense.kind=none", "--json")
    assert again["privacy"] == first["privacy"], (again["privacy"], first["privacy"])


def check_export(folder):
    random = np.random.Generator(np.random.PCG64(2))
    code = re.search(r"```python\n(.*?)```", (SOURCE / "docs/own-model.md").read_text(encoding="utf-8"), re.S).group(1)
    names = {}
    exec(code, names)  # what the document tells people to run
    model, layers, torch = network(random)
    mean, sd = np.array([.5, -1], "f4"), np.array([2, .5], "f4")
    names["export_network"](folder / "m.safetensors", model, {"0": "hidden.0", "2": "head"}, input_mean=mean, input_sd=sd)
    x = random.normal(size=(400, 2)).round(4)
    scaled = ((x - mean) / sd).astype("f4")
    if torch: logits = model(torch.tensor(scaled)).detach().numpy()
    else: logits = np.maximum(scaled @ layers["0.weight"].T + layers["0.bias"], 0) @ layers["2.weight"].T + layers["2.bias"]
    label = random.integers(0, 3, 400)
    label[:3] = 0, 1, 2
    rows = "\n".join(f"{a},{b},{'abc'[y]},{'train' if i % 2 else 'test'}" for i, ((a, b), y) in enumerate(zip(x, label)))
    (folder / "t.csv").write_text(f"x,y,class,part\n{rows}\n")
    spec = {"data": {"csv": "t.csv", "target": "class", "standardize": "none", "split_column": "part"}, "model": {"file": "m.safetensors"}}
    (folder / "s.json").write_text(json.dumps(spec))
    result = mid(folder, "run", "s.json", "--json")
    parts = [result["utility"][k] for k in ("accuracy", "accuracy_train")]
    right = sum(p["value"] * p["n"] for p in parts)
    expected = int((logits.argmax(1) == label).sum())
    assert abs(right - expected) < 1e-6 and sum(p["n"] for p in parts) == 400, (right, expected, parts)
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    surprise = sum(result["utility"][k]["value"] * result["utility"][k]["n"] for k in ("nll", "nll_train"))
    assert abs(surprise + log_p[range(400), label].sum()) < 1e-2, (surprise, -log_p[range(400), label].sum())


def check_refusals(folder):
    for extra, words in ((["model.file=missing.safetensors"], ("model.file", "missing.safetensors")),
                         (["model.file=s.json"], ("model.file", "safetensors")),
                         (["model.file=m.safetensors", "defense.kind=mid"], ("defense.kind", "none")),
                         (["model.file=own/model.safetensors"], ("model.file", "inputs")),
                         (["model.file=7"], ("model.file", "text"))):
        sentence = mid(folder, "run", "s.json", *[w for s in extra for w in ("--set", s)], fails=True)
        if any(w not in sentence for w in words):
            sys.exit(f"{extra}: the sentence lacks one of {words}: {sentence}")


with tempfile.TemporaryDirectory() as name:
    check_round_trip(pathlib.Path(name))
    check_export(pathlib.Path(name))
    check_refusals(pathlib.Path(name))
print("a network, a regression and a tree from files have their runs' figures; an exported network answers as it did; 5 refusals")
