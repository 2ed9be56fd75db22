#!/usr/bin/env python3
"""What `mid export RUN --onnx` wrote is answered by ONNX Runtime (its npm package in Node.js) as midlab answers for the run, record by record:
perceptrons of two and of ten classes, convolutions, a bottleneck with noise, a tree with categories, a regression.
"""
import csv
import json
import math
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

BIN, SOURCE = os.environ["MIDLAB_BIN"], pathlib.Path(os.environ["MIDLAB_SOURCE"])
# Where core/cmake/setup.sh unpacks what the tests require().
PACKAGES = os.environ.get("NODE_PATH", str(pathlib.Path.home() / ".cache/midlab/npm/node_modules"))
RECORDS = 50
SMALL = {
    "binary": ["preset:confidence", "data.private=400", "data.auxiliary=600", "data.held_out=500", "train.epochs=3", "defense.kind=none"],
    "digits": ["preset:which-seven", "data.name=digits", "data.private=400", "data.held_out=100", "data.auxiliary=400", "data.attacked=100",
               "train.epochs=2", "defense.kind=none"],
    "noisy": ["preset:confidence", "data.private=400", "data.auxiliary=600", "data.held_out=500", "train.epochs=3", "model.sigma_start=-2"],
    "tree": ["preset:survey-tree", "data.rows=2000", "data.private=1500", "data.held_out=500"],
    "dose": ["preset:dose", "data.private=600", "defense.kind=none"],
}
LAYERS = ['model.bottleneck=0', 'model.convolutions=[{"filters":4,"kernel":5,"padding":2,"pool":2},{"filters":6,"kernel":3,"stride":2}]']
SMALL["convolutions"] = SMALL["digits"] + LAYERS


def mid(folder, *arguments):
    run = subprocess.run([BIN, *arguments], cwd=folder, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"mid {' '.join(arguments)} ended with {run.returncode}: {run.stderr}{run.stdout}")


def records(folder, spec, name):
    """The first records of a specification's data as its model takes them."""
    (folder / f"{name}.json").write_text(json.dumps(spec))
    mid(folder, "data", "export", f"{name}.json", "--out", name)
    with open(folder / name / "records.csv", newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        columns = next(lines)
        inputs = [i for i, c in enumerate(columns) if c not in ("row", "part") and not c.startswith("target: ")]
        return [[float(line[i]) for i in inputs] for line, _ in zip(lines, range(RECORDS))]


def served(folder, run, questions):
    """What `mid serve` answers for a run, a list of answers for each question (a list of records)."""
    lines = "".join(json.dumps({"id": i, "inputs": q}) + "\n" for i, q in enumerate(questions))
    done = subprocess.run([BIN, "serve", run, "--lines"], cwd=folder, input=lines, capture_output=True, text=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and len(found) == len(questions), (run, done.returncode, done.stderr, done.stdout[:500])
    return [a["probabilities"] if "probabilities" in a else [[v] for v in a["values"]] for a in found]


def check_noisy(name, asked, found, folder):
    """Logits are linear in the code, so the file, whose code is its mean, answers the mean of the log-odds of many answers (of little noise)."""
    draws = [[math.log(p[1] / p[0]) for p in answer] for answer in served(folder, name, [asked[:8]] * 100)]
    for row, of_record in enumerate(zip(*draws)):
        mean, error = statistics.fmean(of_record), statistics.stdev(of_record) / math.sqrt(len(of_record))
        exact = math.log(found[row][1] / found[row][0])
        assert error > 0 and abs(mean - exact) < 5 * error, (name, row, mean, error, exact)


with tempfile.TemporaryDirectory() as where:
    folder = pathlib.Path(where)
    questions, own = {}, {}
    for name, (preset, *settings) in SMALL.items():
        mid(folder, "run", preset, *(x for s in (*settings, "attack.kind=none") for x in ("--set", s)), "--no-cache", "--out", name)
        mid(folder, "export", name, "--onnx", f"{name}.onnx")
        spec = json.loads((folder / name / "spec.json").read_text())
        own[name] = records(folder, spec, f"{name}-own")
        if name == "tree":  # midlab's tree takes categories, other programs' one column for each of them
            del spec["model"], spec["defense"]
        questions[f"{name}.onnx"] = records(folder, spec, f"{name}-records")
    done = subprocess.run(["node", str(SOURCE / "tests/system/onnx_answers.js")], cwd=folder, input=json.dumps(questions), capture_output=True, text=True,
                          env={**os.environ, "NODE_PATH": PACKAGES})
    if done.returncode != 0:
        sys.exit(f"ONNX Runtime did not answer (./check puts it into {PACKAGES}): {done.stderr[:2000]}{done.stdout[:2000]}")
    found = json.loads(done.stdout)
    worst = 0
    for name in SMALL:
        answers = found[f"{name}.onnx"]
        assert len(answers) == RECORDS and len({json.dumps(a) for a in answers}) > 3, (name, answers[:3])
        if name == "noisy":
            check_noisy(name, own[name], answers, folder)
            continue
        (wanted,) = served(folder, name, [own[name]])
        size = max(abs(v) for answer in wanted for v in answer)
        for row, (a, b) in enumerate(zip(answers, wanted)):
            off = max(abs(x - y) for x, y in zip(a, b, strict=True)) / size
            worst = max(worst, off)
            assert off < 1e-5, (name, row, a, b)
print(f"ONNX Runtime answers as the runs do whose files mid export wrote, within {worst:.1e} of the largest answer: {', '.join(SMALL)}")
