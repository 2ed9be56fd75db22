#!/usr/bin/env python3
"""A model trained elsewhere is attacked as it is: one of midlab's own files gives the figures of its run, one exported by the
code in docs/own-model.md answers as PyTorch (where it is installed) or NumPy says, whatever its numbers, names and outputs, and
columns, categories and classes are found by their names; what does not fit is refused.
"""
import json
import os
import pathlib
import re
import struct
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
    base = ["run", "preset:confidence", "--set", "data.private=400", "--set", "data.auxiliary=600", "--set", "data.held_out=500", "--set", "train.epochs=3"]
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


def write(path, tensors, metadata=None, dtype="F32"):
    """A safetensors file, as other programs write it."""
    header, data = {"__metadata__": {"format": "pt"} if metadata is None else metadata}, b""
    for name, value in tensors.items():
        value = np.asarray(value)
        if value.dtype.kind == "i": kind, raw = "I64", value.astype("<i8").tobytes()
        elif dtype == "BF16": kind, raw = dtype, (np.ascontiguousarray(value, "<f4").view("<u4") >> 16).astype("<u2").tobytes()
        else: kind, raw = dtype, np.ascontiguousarray(value, {"F16": "<f2", "F32": "<f4", "F64": "<f8"}[dtype]).tobytes()
        header[name] = {"dtype": kind, "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def brief(value):
    """Rounded to what 16 bits of either kind hold exactly."""
    return (np.ascontiguousarray(value, "<f4").view("<u4") & 0xFFFF0000).view("<f4").astype("f2").astype("f4")


class Ward:
    """400 patients whose outcome a network of two hidden layers decides, but for a few; and that network in every form."""
    def __init__(self, folder):
        self.folder, random = folder, np.random.Generator(np.random.PCG64(7))
        n = 400
        age, weight = random.integers(20, 80, n), random.normal(70, 12, n).round(1)
        sex, region = random.integers(0, 2, n), random.integers(0, 3, n)
        self.rows = [age, weight, np.array(["f", "m"])[sex], np.array(["east", "north", "west"])[region]]
        x = np.column_stack([age, weight, sex, region == 0, region == 1, region == 2]).astype("f4")
        self.names = ["age", "weight", "sex=m", "region=east", "region=north", "region=west"]
        self.mean, self.sd = brief(np.array([50, 70, 0, 0, 0, 0])), brief(np.array([17, 12, 1, 1, 1, 1]))
        shapes = [(8, 6), (6, 8), (2, 6)]
        self.w = [brief(random.normal(size=s) * (2.5 if i else 1.2)) for i, s in enumerate(shapes)]
        self.b = [brief(random.normal(size=s[0]) * .4) for s in shapes]
        self.w[0][:, 2] = brief(3 * random.normal(size=8))  # the secret counts
        h = (x - self.mean) / self.sd
        for w, b in zip(self.w[:2], self.b[:2]): h = np.maximum(h @ w.T + b, 0)
        # Logits of sd 2, half of them "no".
        self.w[2] = brief(self.w[2] * 2 / np.std(h @ (self.w[2][1] - self.w[2][0])))
        logit = h @ (self.w[2][1] - self.w[2][0])
        self.b[2] = brief(np.array([0, -np.median(logit)]))
        self.logit = logit + self.b[2][1] - self.b[2][0]
        flipped = random.random(n) < .15
        self.label = (self.logit > 0) ^ flipped
        self.part = np.arange(n) % 3
        self.table("ward.csv")

    def table(self, name, order=(0, 1, 2, 3), classes=("no", "yes"), keep=lambda part, region: True):
        heads, parts = ["age", "weight", "sex", "region"], ["train", "test", "auxiliary"]
        lines = [",".join([heads[c] for c in order] + ["outcome", "part"])]
        for i in range(len(self.label)):
            if keep(parts[self.part[i]], self.rows[3][i]):
                lines.append(",".join([str(self.rows[c][i]) for c in order] + [classes[int(self.label[i])], parts[self.part[i]]]))
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def spec(self, csv="ward.csv", **more):
        data = {"csv": csv, "target": "outcome", "sensitive": "sex", "split_column": "part"}
        path = self.folder / "ward.json"
        path.write_text(json.dumps({"data": data, "model": {"kind": "network"}, "attack": {"kind": "likelihood_inference"}, **more}))
        return path.name

    def tensors(self, names, outputs=2, scaling=True):
        w, b = list(self.w), list(self.b)
        if outputs == 1: w[2], b[2] = w[2][1:] - w[2][:1], b[2][1:] - b[2][:1]
        out = {}
        for name, weight, bias in zip(names, w, b): out[name + ".weight"], out[name + ".bias"] = weight, bias
        return {**out, "input.mean": self.mean, "input.sd": self.sd} if scaling else out

    def run(self, file, csv="ward.csv", fails=False, **more):
        sets = [f"model.file={file}"] + [f"{k.replace('__', '.')}={v}" for k, v in more.items()]
        return mid(self.folder, "run", self.spec(csv), *([] if fails else ["--json"]), *[w for s in sets for w in ("--set", s)], fails=fails)


OWN = ("hidden.0", "hidden.1", "head")
RELU = {"activation": "relu"}


def figures(result):
    return {group: {name: m["value"] for name, m in result[group].items()} for group in ("utility", "privacy", "information")}


def check_two_outputs(ward):
    """The usual nn.Linear(h, 2) is the network with one logit, and the answers are those that the table was made with."""
    write(ward.folder / "one.safetensors", ward.tensors(OWN, outputs=1), RELU)
    write(ward.folder / "two.safetensors", ward.tensors(OWN), RELU)
    result = ward.run("two.safetensors")
    test = ward.part == 1
    right = float(((ward.logit > 0) == ward.label)[test].mean())
    surprise = float(np.logaddexp(0, np.where(ward.label, -ward.logit, ward.logit))[test].mean())
    assert abs(result["utility"]["accuracy"]["value"] - right) < 1e-9 and right > .8, (result["utility"]["accuracy"], right)
    assert abs(result["utility"]["nll"]["value"] - surprise) < 1e-4, (result["utility"]["nll"], surprise)
    assert any("two outputs became one" in w for w in result["warnings"]), result["warnings"]
    for release in ({"kind": "none"}, {"kind": "round", "decimals": 1}, {"kind": "label_only"}, {"kind": "noise", "scale": .5}, {"kind": "mixing"},
                    {"kind": "top_k", "keep": 1}, {"kind": "sticky"}, {"kind": "none", "of": "embedding"}, {"kind": "round", "of": "embedding"}):
        more = {f"release__{k}": v for k, v in release.items()}
        one, two = figures(ward.run("one.safetensors", **more)), figures(ward.run("two.safetensors", **more))
        assert one == two, (release, one, two)
        assert one["utility"]["accuracy"] > .55, (release, one)


def check_names_and_numbers(ward):
    """However the file calls and stores its layers: the same figures; what had to be assumed is said."""
    reference = figures(ward.run("one.safetensors"))
    for dtype in ("F16", "BF16", "F64"):
        write(ward.folder / "m.safetensors", ward.tensors(OWN), RELU, dtype)
        result = ward.run("m.safetensors")
        assert figures(result) == reference, (dtype, figures(result), reference)
        assert any(f"its numbers are {dtype} and were taken as F32, which changes none of them" in w for w in result["warnings"]), (dtype, result["warnings"])
    for names in (("0", "2", "4"), ("model.net.0", "model.net.3", "model.net.6"), ("module.fc1", "module.fc2", "module.out"), ("encoder.0", "encoder.2", "classifier")):
        write(ward.folder / "m.safetensors", ward.tensors(names))
        result = ward.run("m.safetensors")
        assert figures(result) == reference, names
        assert any("relu was assumed" in w for w in result["warnings"]), result["warnings"]
        assert any("were taken in the order" in w and names[2].split(".")[-1] in w for w in result["warnings"]), result["warnings"]


def check_pandas(ward):
    """What was trained on pandas.get_dummies, scaled outside and in its order, gives away the same, of a secret with three values, too."""
    secret = {"data__sensitive": "region"}
    write(ward.folder / "one.safetensors", ward.tensors(OWN, outputs=1), RELU)
    reference = figures(ward.run("one.safetensors", **secret))
    w, b, extra = ward.w[0].astype("f8"), ward.b[0].astype("f8"), np.linspace(-2, 2, 8)  # of sex_f, which sex_m and the bias take back
    age, weight, sex, east, north, west = w.T
    full = np.column_stack([age, weight, east, north, west, extra, sex + extra]), b - extra, ["age", "weight", "region_east", "region_north", "region_west", "sex_f", "sex_m"]
    dropped = np.column_stack([age, weight, north - east, west - east, sex]), b + east, ["age", "weight", "region_north", "region_west", "sex_m"]
    for first, bias, names in (full, dropped):
        tensors = ward.tensors(("0", "2", "4"), outputs=1, scaling=False)
        tensors["0.weight"], tensors["0.bias"] = first, bias
        write(ward.folder / "m.safetensors", tensors, RELU)
        sentence = ward.run("m.safetensors", fails=True, **secret)
        assert f"takes {len(names)} inputs" in sentence and "model.inputs" in sentence, sentence
        scaling = dict(zip(("age", "weight"), zip(ward.mean.tolist(), ward.sd.tolist())))
        inputs = [{"name": n, **(dict(zip(("mean", "sd"), scaling[n])) if n in scaling else {})} for n in names]
        result = ward.run("m.safetensors", **secret, model__inputs=json.dumps(inputs))
        for group, name in (("utility", "accuracy"), ("privacy", "attack_accuracy")):
            there, here = reference[group][name], result[group][name]["value"]
            assert abs(there - here) < .01, (names, group, name, there, here)
        assert result["privacy"]["attack_accuracy"]["value"] > .7, result["privacy"]["attack_accuracy"]
        assert any("no input for \"region=east\"" in w for w in result["warnings"]) == (len(names) == 5), result["warnings"]
    sentence = ward.run("m.safetensors", fails=True, **secret, model__inputs='[{"name": "age"}]')
    assert "model.inputs must name all 5 inputs of the model, found 1" in sentence, sentence


def check_named_model(ward):
    """A run's own model file knows its columns and classes: in a table of another order it gives the same, and of others it says what is amiss."""
    folder = ward.folder
    for kind, file, attack in (("network", "model.safetensors", "likelihood_inference"), ("tree", "tree.json", "tree_black_box")):
        base = {"model": {"kind": kind}, "attack": {"kind": attack}, "train": {"epochs": 20} if kind == "network" else {}}
        first = mid(folder, "run", ward.spec(**base), "--json")
        mid(folder, "run", ward.spec(**base), "--out", kind)
        base["model"] = {"kind": kind, "file": f"{kind}/{file}"}
        ward.table("turned.csv", order=(3, 2, 0, 1))
        turned = mid(folder, "run", ward.spec("turned.csv", **base), "--json")
        for name in ("accuracy", "accuracy_train"):
            assert abs(turned["utility"][name]["value"] - first["utility"][name]["value"]) < 1e-9, (kind, name, turned["utility"][name], first["utility"][name])
        # Without a region, which the model knows: the same test records with and without it among the training records.
        ward.table("some.csv", keep=lambda part, region: part != "test" or region != "east")
        ward.table("none.csv", keep=lambda part, region: region != "east")
        some, none = (mid(folder, "run", ward.spec(csv, **base), "--json")["utility"] for csv in ("some.csv", "none.csv"))
        assert abs(some["accuracy"]["value"] - none["accuracy"]["value"]) < 1e-9 and some["accuracy"]["n"] == none["accuracy"]["n"], (kind, some, none)
        ward.table("german.csv", classes=("Nein", "Ja"))
        sentence = mid(folder, "run", ward.spec("german.csv", **base), fails=True)
        assert "model.file" in sentence and '"yes"' in sentence and '"Nein"' in sentence, sentence
        if kind == "tree": continue  # it may not ask about age, and needs it only if it does
        renamed = (folder / "ward.csv").read_text().replace("age,", "Age,", 1)
        (folder / "renamed.csv").write_text(renamed)
        sentence = mid(folder, "run", ward.spec("renamed.csv", **base), fails=True)
        assert 'needs the column "age"' in sentence and '"Age"' in sentence, sentence


def check_warnings(ward):
    """A model that does worse than guessing says so, with what may be the reason."""
    def warned(file, *words, n=1):
        warnings = [w for w in ward.run(file)["warnings"] if "likely reasons" in w]
        assert len(warnings) == n and all(w in warnings[0] for w in words), (file, warnings)
    warned("one.safetensors", n=0)
    swapped = ward.tensors(OWN)
    swapped["head.weight"], swapped["head.bias"] = swapped["head.weight"][::-1], swapped["head.bias"][::-1]
    write(ward.folder / "m.safetensors", swapped, RELU)
    warned("m.safetensors", "less often than the most frequent class", "the other way round it would be right in")
    # A release does not make a model bad, and a bad one is bad under any release.
    assert not [w for w in ward.run("one.safetensors", release__kind="noise", release__scale=1000)["warnings"] if "likely reasons" in w]
    infinite = ward.tensors(OWN, outputs=1)
    infinite["hidden.1.weight"] = infinite["hidden.1.weight"] * np.float32(3e37)
    write(ward.folder / "m.safetensors", infinite, RELU)
    noisy = ward.tensors(OWN, outputs=1)
    noisy["bottleneck.weight"], noisy["bottleneck.bias"] = np.zeros((12, 6)), np.full(12, 1e38)  # means and raw sigmas of six numbers
    write(ward.folder / "noisy.safetensors", noisy, RELU)
    for kind in ("none", "label_only"):
        for file in ("m.safetensors", "noisy.safetensors"):
            sentence = ward.run(file, fails=True, release__kind=kind)
            assert "model.file" in sentence and "infinite or not a number" in sentence, sentence
    # A regression in other units than the table's.
    data = {"csv": "ward.csv", "target": "weight", "sensitive": "sex", "split_column": "part"}
    (ward.folder / "line.json").write_text(json.dumps({"data": data, "model": {"kind": "linear", "file": "line.safetensors"}, "attack": {"kind": "map_inference"}}))
    for bias, n in ((70., 0), (.07, 1)):
        write(ward.folder / "line.safetensors", {"weight": np.zeros((1, 6)), "bias": np.array([bias])}, dtype="F64")
        warnings = [w for w in mid(ward.folder, "run", "line.json", "--json")["warnings"] if "likely reasons" in w]
        assert len(warnings) == n and all("a target in other units" in w for w in warnings), (bias, warnings)


def check_models_that_do_not_fit(ward):
    """Each with a sentence of its own."""
    w, b = ward.w, ward.b
    normal = {"bn.weight": np.ones(8), "bn.bias": np.ones(8), "bn.running_mean": np.ones(8), "bn.running_var": np.ones(8), "bn.num_batches_tracked": np.array(3)}
    three = ward.tensors(OWN)
    three["head.weight"], three["head.bias"] = np.ones((3, 6)), np.ones(3)
    for tensors, words in (({**ward.tensors(OWN), **normal}, "batch normalisation"), (ward.tensors(("hidden.0", "hidden.2", "head")), "no hidden.1"),
                           (ward.tensors(("fc1", "fc3", "head")), "none between them"), ({k: v.T for k, v in ward.tensors(OWN).items()}, "transpose it"),
                           (three, "answers with 3 classes"), ({**ward.tensors(OWN), "epoch": np.array(3)}, "not part of a network"),
                           ({"0.weight": w[0], "0.bias": b[0], "2.weight": w[2], "2.bias": b[2]}, "do not fit one another"),
                           ({"0.weight": w[0][:, :5], "0.bias": b[0], "2.weight": np.ones((1, 8)), "2.bias": b[2][:1]}, "takes 5 inputs"),
                           ({"weight": np.ones(6)}, "must have the shape [outputs, inputs]"), ({}, "lacks the tensor head.weight"),
                           ({**ward.tensors(OWN), "hidden.0.weight": np.full((8, 6), np.nan)}, "finite numbers")):
        write(ward.folder / "m.safetensors", tensors, RELU)
        sentence = ward.run("m.safetensors", fails=True)
        assert "model.file" in sentence and words in sentence and sentence.count("\n") == 1, (words, sentence)


def check_refusals(folder):
    for extra, words in ((["model.file=missing.safetensors"], ("model.file", "missing.safetensors")),
                         (["model.file=s.json"], ("model.file", "safetensors")),
                         (["model.file=m.safetensors", "defense.kind=mid"], ("defense.kind", "none")),
                         (["model.file=own/model.safetensors"], ("model.file", "column")),
                         (["model.file=7"], ("model.file", "text"))):
        sentence = mid(folder, "run", "s.json", *[w for s in extra for w in ("--set", s)], fails=True)
        if any(w not in sentence for w in words):
            sys.exit(f"{extra}: the sentence lacks one of {words}: {sentence}")


with tempfile.TemporaryDirectory() as name:
    check_round_trip(pathlib.Path(name))
    check_export(pathlib.Path(name))
    check_refusals(pathlib.Path(name))
    ward = Ward(pathlib.Path(name))
    for check in (check_two_outputs, check_names_and_numbers, check_pandas, check_named_model, check_warnings, check_models_that_do_not_fit):
        check(ward)
print("a network, a regression and a tree from files have their runs' figures; an exported network answers as it did, with two outputs, by "
      "other names and numbers, too; columns and classes are found by their names, pandas' among them; 16 refusals")
