#!/usr/bin/env python3
"""What `mid run --out` writes for other programs: arrays.npz as numpy.load reads it and records.csv, a line each victim, agree with the
figures, with each other and with the table that the records came from; equal runs give equal bytes; nothing of an earlier run stays.
The commands and the Python lines of docs/results.md run."""
import csv
import importlib.util
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import traceback
import zipfile

import numpy as np

BIN, SOURCE = os.environ["MIDLAB_BIN"], pathlib.Path(os.environ["MIDLAB_SOURCE"])
SEX = ["--set", "train.epochs=2", "--set", "data.private=600", "--set", "data.held_out=600"]
FACES = ["--set", "train.epochs=3"]
TREE = ["--set", "data.private=1000", "--set", "data.held_out=500"]
failures = []


def check(true, sentence, *shown):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, *shown, flush=True)


def mid(folder, *words):
    done = subprocess.run([BIN, *words], cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        sys.exit(f"mid {' '.join(words)} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def run(folder, out, preset, *words, cache="--no-cache"):
    """The result, the arrays by name and the lines of records.csv."""
    mid(folder, "run", preset, *words, cache, "--out", out)
    with zipfile.ZipFile(folder / out / "arrays.npz") as archive:
        check(archive.testzip() is None and {i.date_time[0] for i in archive.infolist()} == {1980}, f"{out}: arrays.npz is damaged, or holds times")
    with np.load(folder / out / "arrays.npz", allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    text = (folder / out / "records.csv").read_text(encoding="utf-8")
    check("\r" not in text and text.endswith("\n"), f"{out}: lines of records.csv end otherwise")
    return json.loads((folder / out / "result.json").read_text()), arrays, list(csv.DictReader(text.splitlines(keepends=True)))


def numbers(lines, column):
    return np.array([float(line[column]) for line in lines])


def beliefs(folder):
    for out, preset, words in (("sex", "preset:confidence", SEX), ("tree", "preset:survey-tree", TREE), ("dose", "preset:dose", []),
                               ("who", "preset:private-training", [])):
        result, arrays, lines = run(folder, out, preset, *words)
        truth, before, after = (arrays[f"beliefs.{name}"] for name in ("truth", "before", "after"))
        n = len(truth)
        check(n == len(lines) == result["privacy"]["attack_accuracy"]["n"] and before.shape == after.shape and truth.dtype == np.int32,
              f"{out}: {n} truths, {after.shape} beliefs, {len(lines)} lines")
        check(np.allclose(after.sum(axis=1), 1) and np.allclose(before.sum(axis=1), 1), f"{out}: beliefs do not add up")
        accuracy = result["privacy"]["attack_accuracy"]
        check(np.isclose(numbers(lines, "right").mean(), accuracy["value"]), f"{out}: of the lines {numbers(lines, 'right').mean()} are right, the figure says", accuracy)
        check(np.isclose(numbers(lines, "score"), after.max(axis=1)).all() and np.isclose(numbers(lines, "score_without_answer"), before.max(axis=1)).all(),
              f"{out}: scores are not the beliefs")
        without = np.mean([line["guess_without_answer"] == line["truth"] for line in lines])
        check(np.isclose(without, accuracy["baseline"]), f"{out}: without an answer {without} are right, the baseline is", accuracy)
        check(all((line["guess"] == line["truth"]) == (line["right"] == "1") for line in lines), f"{out}: right is not where guess and truth agree")
        values = {}
        for v, line in zip(truth, lines):
            values.setdefault(int(v), line["truth"])
        check(len(set(values.values())) == len(values) and all(values[int(v)] == line["truth"] for v, line in zip(truth, lines)), f"{out}: the truths of arrays and lines differ")
        secret = result["spec"]["data"].get("sensitive")
        check((f"known.{secret}" in lines[0]) == (out == "who"), f"{out}: what is known of the secret is", list(lines[0]))
        if "target" in lines[0] and "answer" in lines[0]:
            wrong = numbers(lines, "answer") ** 2 - numbers(lines, "target")
            check(np.allclose(numbers(lines, "error"), wrong) and np.allclose(numbers(lines, "answer"), arrays["beliefs.answer"]), f"{out}: errors are not answer - target")
            check(np.allclose(numbers(lines, "target"), arrays["beliefs.target"]), f"{out}: targets differ")
    check("error" in lines[0] or "answer" not in lines[0], "private-training: an answer has no error")


def pictures(folder):
    for out, preset, words in (("faces", "preset:visitors", FACES), ("names", "preset:face-from-name", ["--set", "train.epochs=2", "--set", "attack.steps=3", "--set", "attack.judge=false"])):
        result, arrays, lines = run(folder, out, preset, *words)
        truth, guess, average = (arrays[f"pictures.{name}"] for name in ("truth", "guess", "average"))
        check(truth.shape == guess.shape == average.shape and truth.ndim == 3 and truth.dtype == np.uint8, f"{out}: pictures {truth.shape} {guess.shape}")
        check(len(lines) == len(truth) and [int(line["place"]) for line in lines] == list(range(len(truth))), f"{out}: {len(lines)} lines")
        for name, picture in (("mse", guess), ("mse_of_average", average)):
            error = ((picture.astype(float) - truth) ** 2).mean(axis=(1, 2)) / 255 ** 2
            check(np.allclose(numbers(lines, name), error), f"{out}: {name} is not that of the arrays")
        check(np.allclose(numbers(lines, "line_up"), arrays["pictures.line_up"]), f"{out}: line_up differs")
        check(("row" in lines[0]) == (out == "faces"), f"{out}: rows of the data", list(lines[0]))
        if "pictures.answers.value" in arrays:
            value = arrays["pictures.answers.value"]
            check(np.allclose(numbers(lines, "confidence"), value.max(axis=1)), f"{out}: confidences are not those of the answers")
        check(("pictures.answers.value" in arrays) == (out == "faces") == ("answered" in lines[0]), f"{out}: answers", list(arrays))
        check(("pictures.path.step" in arrays) == (out == "names"), f"{out}: steps", list(arrays))
        if out == "names":
            steps = len(arrays["pictures.path.step"])
            check(arrays["pictures.path.pictures"].shape == (steps, *truth.shape) and arrays["pictures.path.confidence"].shape == (steps, len(truth)), "steps have another shape")


def everybody(folder):
    """--all-victims writes all, the first of them as without it, and trains nothing again; rows are those of mid data export."""
    for out, preset, words, first, group in (("digits", "preset:which-seven", ["--set", "train.epochs=1", "--set", "data.attacked=150"], 60, "pictures"),
                                             ("many", "preset:confidence", ["--set", "train.epochs=1", "--set", "data.private=1500"], 1000, "beliefs")):
        cache = f"--cache={folder / out}-cache"
        done = subprocess.run([BIN, "run", preset, *words, cache, "--out", out], cwd=folder, capture_output=True, text=True, timeout=300)
        n = json.loads((folder / out / "result.json").read_text())["privacy"]["line_up" if group == "pictures" else "attack_accuracy"]["n"]
        check(f"hold the first {first:,} of {n:,} victims; --all-victims writes all" in done.stderr, f"{out}: who is left out is not said", done.stderr)
        figures, some, some_lines = run(folder, out, preset, *words, cache=cache)
        all_of = subprocess.run([BIN, "run", preset, *words, cache, "--all-victims", "--out", out], cwd=folder, capture_output=True, text=True, timeout=300)
        check(all_of.returncode == 0 and "victims" not in all_of.stderr, f"{out}: --all-victims", all_of.stderr)
        with np.load(folder / out / "arrays.npz", allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        lines = list(csv.DictReader((folder / out / "records.csv").read_text(encoding="utf-8").splitlines()))
        again = json.loads((folder / out / "result.json").read_text())
        check({k: again[k] for k in ("id", "utility", "privacy", "information")} == {k: figures[k] for k in ("id", "utility", "privacy", "information")},
              f"{out}: figures depend on who is written")
        check(again["timing"]["train_s"] == figures["timing"]["train_s"], f"{out}: the model was trained again")
        check(len(some_lines) == first and len(lines) == n and lines[:first] == some_lines, f"{out}: {len(some_lines)} lines, {len(lines)} of {n}")
        for name in ("truth", "guess" if group == "pictures" else "after"):
            key = f"{group}.{name}"
            check(len(arrays[key]) == n and np.array_equal(arrays[key][:first], some[key]), f"{out}: {key} of all is not that of the first and more", arrays[key].shape)
        exported = folder / f"{out}-data"
        mid(folder, "data", "export", preset, *words, "--format", "npy", "--out", str(exported))
        rows, inputs = np.load(exported / "row.npy"), np.load(exported / "inputs.npy")
        place = np.searchsorted(rows, [int(line["row"]) for line in lines])
        if group == "pictures":
            check(all(line["name"] == line["row"] for line in lines), f"{out}: a digit's name is not its row")
            seen = np.rint(inputs[place] * 255).reshape(arrays["pictures.truth"].shape)
            check(np.abs(seen - arrays["pictures.truth"]).max() <= 1, f"{out}: the rows are not those of mid data export")
            squares = [((arrays[f"pictures.{name}"].astype(float) - arrays["pictures.truth"]) ** 2).sum() for name in ("guess", "average")]
            check(abs(1 - squares[0] / squares[1] - figures["privacy"]["r_squared"]["value"]) < .03, f"{out}: R² of all", squares, figures["privacy"]["r_squared"])
        else:
            check(abs(numbers(lines, "right").mean() - figures["privacy"]["attack_accuracy"]["value"]) < 1e-12, f"{out}: of all lines another share is right")


def own_table(folder):
    """Names and values of strangers; what is known stands in the file's own words, and what is unknown does not stand there."""
    rows = [{"age, in years": str(20 + i % 50) if i % 9 else "", 'the "job"': ("nurse, night", "cook", "")[i % 3], "sex": "fm"[i % 2], "rich": "ny"[i * 7 % 3 % 2]} for i in range(160)]
    with open(folder / "own.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    spec = {"data": {"csv": "own.csv", "target": "rich", "sensitive": "sex", "auxiliary": 0}, "model": {"kind": "tree", "min_leaf": 2}, "attack": {"kind": "tree_black_box"}}
    (folder / "own.json").write_text(json.dumps(spec))
    _, arrays, lines = run(folder, "own", "own.json")
    check(list(lines[0])[:3] == ["row", "known.age, in years", 'known.the "job"'] and "known.rich" not in lines[0], "an own table's columns are", list(lines[0]))
    for line in lines:
        record = rows[int(line["row"]) - 1]
        job = line['known.the "job"']
        check(record["sex"] == line["truth"] and record["rich"] == line["class"] and (job == record['the "job"'] or not record['the "job"']), "a line is not the file's", line, record)
        check(not record["age, in years"] or float(line["known.age, in years"]) == float(record["age, in years"]), "an age is not the file's", line, record)
    spec["attack"]["also_unknown"] = ["age, in years"]
    (folder / "own.json").write_text(json.dumps(spec))
    _, _, lines = run(folder, "own", "own.json")
    check("known.age, in years" not in lines[0], "a column that the attacker does not know stands among the known", list(lines[0]))
    spec["attack"] = {"kind": "none"}
    (folder / "own.json").write_text(json.dumps(spec))
    mid(folder, "run", "own.json", "--out", "own")
    left = [name for name in ("arrays.npz", "records.csv") if (folder / "own" / name).exists()]
    check(not left, "of an earlier run there is still", left)


def repeated(folder):
    for out in ("once", "again"):
        mid(folder, "run", "preset:visitors", *FACES, "--no-cache", "--out", out)
    mid(folder, "run", "preset:confidence", *SEX, "--seeds", "2", "--out", "seeds")
    for name in ("arrays.npz", "records.csv"):
        check((folder / "once" / name).read_bytes() == (folder / "again" / name).read_bytes(), f"equal runs wrote another {name}")
        first, second = ((folder / "seeds" / seed / name).read_bytes() for seed in ("seed-1", "seed-2"))
        check(first != second, f"two seeds have one {name}")
    check(not list(folder.rglob("*.part*")), "temporary files were left behind", list(folder.rglob("*.part*")))


def document(folder):
    """The commands of docs/results.md as they stand there, then its Python."""
    text = (SOURCE / "docs/results.md").read_text(encoding="utf-8")
    for line in re.search(r"^```\n(.*?)^```", text, re.S | re.M)[1].splitlines():
        word, *words = shlex.split(line, comments=True)
        check(word == "mid", "a command of docs/results.md is not mid's", line)
        mid(folder, *words)
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.S | re.M)
    check(len(blocks) >= 3, "docs/results.md has no examples")
    os.chdir(folder)
    for block in blocks:
        wanted = [m for m in re.findall(r"^import (\w+)", block, re.M) if importlib.util.find_spec(m) is None]
        if wanted:
            print("docs/results.md: left out, for want of", *wanted)
            continue
        names = {}
        try:
            exec(block, names)
        except Exception:
            check(False, "an example of docs/results.md failed", block, traceback.format_exc())
        if "detail_back" in names:
            wanted = json.loads((folder / "faces/result.json").read_text())["privacy"]["r_squared"]["value"]
            check(abs(names["detail_back"] - wanted) < .05, "R² of the arrays is", names["detail_back"], "the figure is", wanted)
        if "right" in names:
            wanted = json.loads((folder / "sex/result.json").read_text())["privacy"]["attack_accuracy"]["value"]
            check(abs(names["right"] - wanted) < .05, "of the first beliefs", names["right"], "are right, the figure is", wanted)
    os.chdir(SOURCE)


def main():
    for part in (beliefs, pictures, everybody, own_table, repeated, document):
        with tempfile.TemporaryDirectory() as name:
            os.environ["XDG_CACHE_HOME"] = str(pathlib.Path(name) / "cache")
            part(pathlib.Path(name))
            print(part.__name__, "done", flush=True)
    sys.exit(f"{len(failures)} checks failed" if failures else 0)


main()
