#!/usr/bin/env python3
"""A model in an ONNX file is attacked as it comes: black box on a table and white box on pictures; what `mid export` wrote gives the
figures of its run; the file's bytes are part of the experiment; what does not fit is refused in one sentence.
"""
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

BIN, SOURCE = os.environ["MIDLAB_BIN"], pathlib.Path(os.environ["MIDLAB_SOURCE"])
GOLDEN = SOURCE / "tests/golden/onnx"


def mid(folder, *arguments, fails=False):
    cache = [] if arguments[0] == "export" else ["--cache", str(folder / "cache")]
    run = subprocess.run([BIN, *arguments, *cache], cwd=folder, capture_output=True, text=True)
    if (run.returncode == 2) != fails or run.returncode not in (0, 2):
        sys.exit(f"mid {' '.join(arguments)} ended with {run.returncode}: {run.stderr}{run.stdout}")
    return run.stderr if fails else json.loads(run.stdout) if "--json" in arguments else run.stdout


def table(folder):
    draw = random.Random(1)
    lines = ["a,b,c,d,secret,class"]
    for _ in range(400):
        x = [draw.gauss(0, 1) for _ in range(4)]
        secret = draw.random() < .5
        lines.append(",".join(f"{v:.4f}" for v in x) + f",{'yes' if secret else 'no'},{'up' if x[0] + secret + draw.gauss(0, .3) > .5 else 'down'}")
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    return {"data": {"csv": "t.csv", "target": "class", "sensitive": "secret"}, "model": {"file": "m.onnx"}}


def check_black_box(folder):
    spec = {**table(folder), "attack": {"kind": "likelihood_inference"}}
    (folder / "s.json").write_text(json.dumps(spec))
    ids = set()
    for name in ("binary_opset11", "mixed_opset14", "mixed_unfolded"):
        shutil.copy(GOLDEN / f"{name}.onnx", folder / "m.onnx")
        for release in ("none", "label_only", "round"):
            result = mid(folder, "run", "s.json", "--set", f"release.kind={release}", "--json")
            ids.add(result["id"])
            assert result["spec"]["model"]["kind"] == "network" and "attack_accuracy" in result["privacy"], result
            assert any("read as the layers Gemm" in w for w in result["warnings"]), result["warnings"]
    assert len(ids) == 9, ids  # the bytes of the file are part of the experiment
    mid(folder, "run", "s.json", "--out", "kept")
    again = mid(folder, "run", "s.json", "--set", "model.file=kept/model.safetensors", "--json")
    first = json.loads((folder / "kept/result.json").read_text())
    assert again["privacy"] == first["privacy"] and again["utility"] == first["utility"], (again["privacy"], first["privacy"])


def check_export(folder):
    # Digits: a run's network written as ONNX is attacked through its gradients as the run itself was.
    base = ["run", "preset:which-seven", "--set", "defense.kind=none", "--set", "train.epochs=3", "--set", "attack.kind=mi_face"]
    mid(folder, *base, "--out", "own")
    first = json.loads((folder / "own/result.json").read_text())
    mid(folder, "export", "own", "--onnx", "own.onnx")
    again = mid(folder, *base, "--set", "model.file=own.onnx", "--json")
    for group in ("utility", "privacy"):
        for name, m in first[group].items():
            found = again[group].get(name, {}).get("value")
            if name.endswith("_train") or not isinstance(m["value"], (int, float)): continue
            assert found is not None and abs(found - m["value"]) <= .02 * max(1, abs(m["value"])), (name, found, m)
    # A convolution, whose weights are drawn at random: the attack goes through it all the same.
    through = mid(folder, *base, "--set", f"model.file={GOLDEN / 'digits_opset13.onnx'}", "--json")
    assert set(through["privacy"]) == set(first["privacy"]), (through["privacy"], first["privacy"])
    assert "mid serve" not in mid(folder, "export", "missing", "--onnx", "x.onnx", fails=True)
    dose = ["run", "preset:dose", "--set", "data.private=600", "--set", "defense.kind=none"]
    mid(folder, *dose, "--out", "dose")
    mid(folder, "export", "dose", "--onnx", "dose.onnx")
    data = json.loads((folder / "dose/spec.json").read_text())
    del data["model"]
    (folder / "d.json").write_text(json.dumps({**data, "model": {"file": "dose.onnx"}}))
    again = mid(folder, "run", "d.json", "--json")
    assert again["spec"]["model"]["kind"] == "linear", again["spec"]["model"]
    first = json.loads((folder / "dose/result.json").read_text())
    for name, m in first["privacy"].items():
        assert abs(again["privacy"][name]["value"] - m["value"]) < 1e-3, (name, again["privacy"][name], m)


def check_export_again(folder):
    # Convolutions, noise of a fixed size inside, and a tree with categories: each attacked as the run itself was.
    layers = 'model.convolutions=[{"filters":4,"kernel":3,"pool":2}]'
    digits = ["preset:which-seven", "--set", "train.epochs=2", "--set", "attack.kind=mi_face", "--set", "defense.kind=none"]
    tree = ["preset:survey-tree"]
    for name, spec in (("conv", [*digits, "--set", layers, "--set", "model.bottleneck=0"]), ("tree", tree)):
        mid(folder, "run", *spec, "--out", name)
        first = json.loads((folder / name / "result.json").read_text())
        mid(folder, "export", name, "--onnx", f"{name}.onnx")
        j = json.loads((folder / name / "spec.json").read_text())
        (folder / "again.json").write_text(json.dumps({**j, "defense": {"kind": "none"}, "model": {"kind": j["model"]["kind"], "file": f"{name}.onnx"}}))
        again = mid(folder, "run", "again.json", "--json")
        for figure, m in first["utility"].items():
            found = again["utility"].get(figure, {}).get("value")
            if figure.endswith("_train") or not isinstance(m["value"], (int, float)): continue
            assert found is not None and abs(found - m["value"]) <= 1e-3 * max(1, abs(m["value"])), (name, figure, found, m)


def check_refusals(folder):
    for name, words in (("bad_operator", ("LSTM", "memory", "Gemm")), ("bad_quantised", ("DequantizeLinear",)), ("bad_external", ("w1", "external data")),
                        ("lenet_opset13", ("takes 168 inputs", "5")), ("mlp_opset9", ("3 classes",)), ("regressor", ("number",))):
        shutil.copy(GOLDEN / f"{name}.onnx", folder / "m.onnx")
        sentence = mid(folder, "run", "s.json", *(["--set", "attack.kind=none"] if name == "regressor" else []), fails=True)
        assert all(w in sentence for w in words) and sentence.strip().count("\n") == 0, (name, sentence)
    (folder / "m.onnx").write_bytes((GOLDEN / "mlp_opset9.onnx").read_bytes()[:500])
    assert "ONNX" in mid(folder, "run", "s.json", fails=True)


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    check_black_box(folder)
    check_export(folder)
    check_export_again(folder)
    check_refusals(folder)
print("networks from ONNX files are attacked with their answers under three releases, and through their gradients; what mid export wrote has its "
      "run's figures; 7 refusals")
