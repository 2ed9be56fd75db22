#!/usr/bin/env python3
"""import midlab gives what the command line gives: figures, ids, records, sweeps and pictures; arrays are views that keep their memory;
progress, Ctrl-C and exceptions come out. Parts of it as arguments: only those are tested."""
import gc
import json
import pathlib
import signal
import struct
import subprocess
import sys
import time
import zlib

import numpy as np

from python_module import FACES, SEX, TREE, check, is_view, mid, midlab, raises, same, table, test, words_of


def grey_png(bytes_):
    """The first channel of an 8-bit PNG."""
    at, data = 8, b""
    while at < len(bytes_):
        size, kind = struct.unpack(">I4s", bytes_[at:at + 8])
        body = bytes_[at + 8:at + 8 + size]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", body[:10])
        data += body if kind == b"IDAT" else b""
        at += 12 + size
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + width * channels)
    out = np.zeros((height, width * channels), np.uint8)
    for y in range(height):
        kind, line = lines[y, 0], lines[y, 1:].astype(int)
        above = out[y - 1].astype(int) if y else np.zeros(width * channels, int)
        if kind in (0, 2):
            out[y] = (line + (above if kind else 0)) % 256
            continue
        row = np.zeros(width * channels, int)
        for x in range(width * channels):
            a, c = (row[x - channels], above[x - channels]) if x >= channels else (0, 0)
            b, p = above[x], a + above[x] - c
            guess = a if kind == 1 else (a + b) // 2 if kind == 3 else min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
            row[x] = (line[x] + guess) % 256
        out[y] = row
    return out[:, ::channels]


def is_drawn(sheet, picture):
    """Whether a picture stands somewhere in a contact sheet, enlarged by a whole number (its corners are round)."""
    for factor in range(1, 9):
        large = np.kron(picture, np.ones((factor, factor), np.uint8))
        line, height = large[len(large) // 2], len(large)
        if large.shape[1] > sheet.shape[1]:
            break
        windows = np.lib.stride_tricks.sliding_window_view(sheet, len(line), axis=1)
        for y, x in zip(*np.nonzero((windows[:, :, 0] == line[0]) & (windows[:, :, len(line) // 2] == line[len(line) // 2]))):
            if np.array_equal(windows[y, x], line):
                top = y - height // 2
                return top >= 0 and np.array_equal(sheet[top + 12:top + height - 12, x:x + len(line)], large[12:-12])
    return False


def figures(folder):
    for preset, fields in (("confidence", SEX), ("visitors", FACES), ("survey-tree", TREE), ("dose", {})):
        told = []
        result = midlab.run(f"preset:{preset}", lambda fraction, text: told.append((fraction, text)), set=fields, cache=False)
        printed = mid("run", f"preset:{preset}", *words_of(fields), "--no-cache", "--json", "--out", folder / preset)
        check(same(result, printed), f"{preset}: the figures are not those of the command line")
        check(told and all(0 <= fraction <= 1 and text for fraction, text in told), f"{preset}: progress is", told)
        check(result.text().splitlines()[-1] in mid("show", folder / preset), f"{preset}: the text is not that of mid show")
        if result["spec"]["model"]["kind"] != "tree":
            check(result.model == (folder / preset / "model.safetensors").read_bytes(), f"{preset}: the model is not the one that mid run wrote")
        look_at_arrays(folder / preset, result)
    check(any(": " in text and " of " in text for _, text in told) or told, "no progress names a step", told)
    # The three ways to name a specification, and what is set in it.
    as_dict = midlab.specification("preset:confidence", SEX)
    (folder / "spec.json").write_text(json.dumps(as_dict))
    ids = {midlab.run(spec, cache=folder / "cache")["id"] for spec in (as_dict, str(folder / "spec.json"), folder / "spec.json")}
    ids.add(midlab.run("preset:confidence", set={path: np.int64(value) for path, value in SEX.items()}, cache=folder / "cache")["id"])
    check(len(ids) == 1, "one specification has several ids", ids)
    check(midlab.catalogue() == json.loads(mid("schema", "--catalogue")) and midlab.schema() == json.loads(mid("schema")), "catalogue or schema differ")
    check(midlab.__version__ == mid("--version").strip(), "the version differs", midlab.__version__)
    check(set(midlab.presets()) >= {"confidence", "visitors"} and "data" in midlab.presets()["dose"], "presets are", list(midlab.presets()))


def look_at_arrays(folder, result):
    """Against what mid run --out wrote, and against the figures."""
    name = folder.name
    pictures, beliefs = result.pictures, result.beliefs
    check((folder / "pictures.png").exists() == (pictures is not None) and (folder / "beliefs.png").exists() == (beliefs is not None), f"{name}: pictures or beliefs are missing")
    if pictures:
        rows, height, width = pictures.truth.shape
        check(pictures.guess.shape == pictures.average.shape == (rows, height, width) and pictures.truth.dtype == np.uint8, f"{name}: shapes {pictures.truth.shape} {pictures.guess.shape}")
        check(len(pictures.names) == rows == len(pictures.line_up) and pictures.credit, f"{name}: {rows} pictures, {len(pictures.names)} names")
        sheet = grey_png((folder / "pictures.png").read_bytes())
        for kind in ("truth", "guess", "average"):
            check(is_drawn(sheet, getattr(pictures, kind)[0]), f"{name}: the first picture of {kind} is not in pictures.png")
        check(not is_drawn(sheet, pictures.guess[0][::-1]), "a picture upside down was found: the test itself is wrong")
        records = midlab.data(result["spec"])
        true = np.rint(records.pictures[records.attacked.rows[:rows]] * 255).astype(np.uint8)
        check(np.abs(true.astype(int) - pictures.truth).max() <= 1, f"{name}: the true pictures are not those of the records attacked")
        answers, line_ups = pictures.answers, pictures.line_ups
        check(answers.value.shape[0] == rows and (answers.inside or np.allclose(answers.value.sum(axis=1), 1, atol=1e-3)), f"{name}: answers {answers.value.shape}")
        check(line_ups.candidate.shape == line_ups.likeness.shape and line_ups.truth.shape == line_ups.pick.shape == (rows,), f"{name}: line-ups {line_ups.candidate.shape}")
        for array in (pictures.truth, pictures.guess, pictures.average, pictures.line_up, answers.value, line_ups.likeness):
            check(is_view(array), f"{name}: an array is a copy")
    # arrays.npz of the command line has the same arrays by the same names.
    with np.load(folder / "arrays.npz", allow_pickle=False) as written:
        for key in written.files:
            mine = result
            for part in key.split("."):
                mine = getattr(mine, part)
            check(mine.dtype == written[key].dtype and np.array_equal(mine, written[key], equal_nan=mine.dtype.kind == "f"), f"{name}: {key} of arrays.npz is not that of Python")
        check(any(key.endswith((".guess", ".after")) for key in written.files), f"{name}: arrays.npz lacks what the attacker found")
    if beliefs:
        n = len(beliefs.truth)
        check(beliefs.before.shape == beliefs.after.shape == (n, len(beliefs.values)) and beliefs.truth.dtype == np.int32, f"{name}: beliefs {beliefs.after.shape}")
        check(np.allclose(beliefs.after.sum(axis=1), 1), f"{name}: beliefs do not add up")
        right = np.mean(beliefs.after.argmax(axis=1) == beliefs.truth)
        told = result["privacy"]["attack_accuracy"]
        check(told["n"] != n or abs(right - told["value"]) < 1e-12, f"{name}: of these beliefs {right} are right, the figure says {told}")
        check(is_view(beliefs.after) and is_view(beliefs.truth), f"{name}: an array is a copy")


def everybody(folder):
    """all_victims has everybody attacked, of a run and of a function, and the first of them are those that it has without."""
    fields = {"train.epochs": 1, "data.attacked": 150}
    some, whole = (midlab.run("preset:which-seven", set=fields, cache=False, all_victims=wish) for wish in (False, True))
    check(len(some.pictures.guess) == 60 and len(whole.pictures.guess) == 150 and np.array_equal(some.pictures.guess, whole.pictures.guess[:60]),
          f"all_victims: {len(some.pictures.guess)} and {len(whole.pictures.guess)} pictures")
    check(some["privacy"] == whole["privacy"], "all_victims changes a figure")
    rows = midlab.data("preset:which-seven", set=fields)
    check(whole.pictures.names == [str(n) for n in rows.row[rows.attacked.rows]], "names of digits are not the rows of their records")
    spec = {"data": {"name": "adult", "sensitive": "married", "private": 500, "held_out": 1500}, "attack": {"kind": "csmia"}}
    leak = [midlab.attack(lambda x: np.tile([.5, .5], (len(x), 1)), spec, all_victims=wish) for wish in (False, True)]
    check([len(one.beliefs.truth) for one in leak] == [1000, 1500], "attack: all_victims", [len(one.beliefs.truth) for one in leak])


def memory(folder):
    """Arrays outlive what they came from, and two of one picture share its memory."""
    result = midlab.run("preset:visitors", set=FACES, cache=folder / "cache")
    guess, copy = result.pictures.guess, result.pictures.guess.copy()
    check(np.shares_memory(guess[0], result.pictures.guess) and not np.shares_memory(guess, copy), "views do not share their memory")
    records = midlab.data("preset:dose")
    inputs, inputs_copy = records.inputs, records.inputs.copy()
    check(is_view(inputs) and is_view(records.target) and is_view(records.row), "records are copies")
    del result, records
    gc.collect()
    for seed in range(3):
        midlab.run("preset:visitors", set={**FACES, "seed": seed}, cache=False)
    check(np.array_equal(guess, copy) and np.array_equal(inputs, inputs_copy, equal_nan=True), "an array changed after its result was gone")


def records(folder):
    for name, spec, fields in (("faces", "preset:visitors", {}), ("tree", "preset:survey-tree", TREE), ("dose", "preset:dose", {})):
        data = midlab.data(spec, set=fields)
        mid("data", "export", spec, *words_of(fields), "--out", folder / name, "--format", "npy")
        about = json.loads(mid("data", "columns", spec, *words_of(fields), "--json"))
        check(data.about == {**about, "spec": data.about["spec"]}, f"{name}: the description is not that of mid data columns")
        check([c.name for c in data.columns] == [i["name"] for i in about["inputs"]] and [c.unit for c in data.columns] == [i["unit"] for i in about["inputs"]], f"{name}: columns differ")
        for array, file in ((data.inputs, "inputs"), (data.target, "target"), (data.row, "row"), (data.part.astype("S"), "part")):
            written = np.load(folder / name / f"{file}.npy")
            check(array.dtype.kind == written.dtype.kind and np.array_equal(array, written, **({} if array.dtype.kind == "S" else {"equal_nan": True})), f"{name}: {file} is not that of mid data export", array.dtype, written.dtype)
        for part in ("train", "test", "auxiliary"):
            own = getattr(data, part)
            check(np.array_equal(np.sort(own.rows), np.nonzero(data.part == part)[0]), f"{name}: the rows of {part} differ")
            check(np.array_equal(own.inputs, data.inputs[own.rows], equal_nan=True) and np.array_equal(own.target, data.target[own.rows]), f"{name}: {part} is another part")
        check(len(data.attacked.rows) > 0, f"{name}: nobody is attacked")
    check(data.secret is not None and data.secret.max() < len(data.about["secret"]["values"]), "the secret has no values")


def sweeps(folder):
    vary = {"defense.beta": [0.001, 0.1], "release.kind": ["none", "label_only", "nonsense"]}
    told = []
    results = list(midlab.sweep("preset:confidence", vary, 2, lambda fraction, text: told.append(text), set=SEX, cache=folder / "cache", jobs=2))
    lines = json.loads(mid("sweep", "preset:confidence", *words_of(SEX), "--vary", "defense.beta=0.001,0.1", "--vary", "release.kind=none,label_only,nonsense", "--seeds", "2",
                           "--out", folder / "sweep", "--cache", folder / "cache", "--json"))
    check([(r["id"], r["spec"]["seed"], r.varied) for r in results] == [(line["id"], line["seed"], line["varied"]) for line in lines], "the runs of the sweep are others")
    for group in ("utility", "privacy", "information"):
        check([r[group] for r in results] == [line[group] or {} for line in lines], f"the sweep's {group} differs")
    check([r.failed for r in results] == [line["refused"] or "" for line in lines] and sum(bool(r.failed) for r in results) == 4, "refusals differ", [r.failed for r in results])
    rows = [r.row() for r in results]
    check(rows[0]["defense.beta"] == 0.001 and rows[0]["accuracy"] == results[0]["utility"]["accuracy"]["value"] and rows[-1]["failed"], "rows are", rows[0])
    check(told[0] == "0 of 12 runs" and told[-1] == "12 of 12 runs", "progress is", told)
    # Who leaves the loop is waited for by nobody; a failure inside is a result; what progress raises comes out.
    for result in midlab.sweep("preset:visitors", {"defense.beta": [0.001, 0.01, 0.1, 1]}, jobs=1, cache=False, set=FACES):
        break
    check(result.pictures is not None, "a sweep that was left has no result")
    program = [sys.executable, "-c", "import sys; sys.exit(3)"]
    broken = list(midlab.sweep(table(folder), {"model.command": [program]}, cache=False))
    check("ended twice" in broken[0].failed and broken[0]["failed"]["input"] is False, "a broken run is", broken[0])
    raises(midlab.Error, lambda: midlab.sweep("preset:dose", {"seed": [1, 2]}), "seed")
    # A long list is worked off like a short one, and planned run by run.
    class Watched(midlab._core.Plan):
        places = []

        def run(self, place):
            self.places.append(place)
            return super().run(place)

    plans, midlab._core.Plan = midlab._core.Plan, Watched
    long = midlab.sweep("preset:tiny", {"defense.lambda": list(range(1, 1002))}, 900, cache=False, jobs=2)
    midlab._core.Plan = plans
    first = [next(long) for _ in range(5)]
    check(Watched.places == list(range(8)), "of 900,900 runs those planned for the first five are", Watched.places)
    short = list(midlab.sweep("preset:tiny", {"defense.lambda": [1]}, 5, cache=False))
    check([(r["id"], r["privacy"], r.varied) for r in first] == [(r["id"], r["privacy"], r.varied) for r in short], "a long sweep has other runs")
    long.close()
    raises(midlab.Error, lambda: midlab.sweep("preset:tiny", {"defense.lambda": list(range(1, 1002))}, 1000), "1000000")

    class Enough(Exception):
        pass

    def enough(fraction, text):
        raise Enough

    raises(Enough, lambda: list(midlab.sweep("preset:dose", {"defense.kind": ["none"]}, progress=enough)))


def errors(folder):
    sentence = mid("run", "preset:confidence", "--set", "defense.beta=-1", code=2)
    error = raises(midlab.Error, lambda: midlab.run("preset:confidence", set={"defense.beta": -1}))
    check(str(error) == sentence and error.field == "defense.beta" and isinstance(error, ValueError), "the sentence is another", error, sentence)
    sentence = mid("run", "preset:nobody", code=2)
    check(str(raises(midlab.Error, lambda: midlab.run("preset:nobody"))) == sentence, "of a preset that is none it is another")
    check(str(raises(midlab.Error, lambda: midlab.run(folder / "none.json"))) == mid("run", folder / "none.json", code=2), "of a file that is missing it is another")
    raises(midlab.Error, lambda: midlab.run({"data": {"name": "adult"}, "seed": float("nan")}))
    raises(midlab.Error, lambda: midlab.data({"data": {"csv": str(folder / "none.csv"), "target": "x"}}), "none.csv")
    raises(TypeError, lambda: midlab.run({"data": {1, 2}}), "found set")
    raises(midlab.Error, lambda: midlab.run("preset:dose", cache=__file__), "must be a folder")
    failure = raises(midlab.Failure, lambda: midlab.run(table(folder, command=[sys.executable, "-c", "import sys; sys.exit(3)"]), cache=False), "ended twice (exit status 3)")
    check(failure.stage and isinstance(failure, RuntimeError), "the failure names no stage")

    def stop(fraction, text):
        raise LookupError(text)

    raises(LookupError, lambda: midlab.run("preset:visitors", stop, cache=False))
    check(midlab.run("preset:dose", cache=False)["privacy"], "after an exception nothing runs any more")


# Runs in a process of its own and says when it has begun; Ctrl-C comes then.
INTERRUPTED = """
import midlab, sys, time
def predict(x):
    print("begun", flush=True)
    while True: time.sleep(.01)
def progress(fraction, text):
    if fraction > .02: print("begun", flush=True)
def begin(fraction, text): print("begun", flush=True)
try:
    {}
except KeyboardInterrupt:
    print("KeyboardInterrupt", flush=True)
"""


def interrupts(folder):
    rounds = {"train.epochs": 10000}
    long = f'"preset:visitors", set={rounds}'
    for what, code in (("run", f"midlab.run({long}, progress=progress, cache=sys.argv[1])"), ("run without progress", f"print('begun', flush=True); midlab.run({long}, cache=False)"),
                       ("sweep", f"list(midlab.sweep({long}, vary={{'defense.beta': [.1, .2, .3]}}, progress=begin, jobs=2, cache=False))"),
                       ("attack", f"midlab.attack(predict, {table(folder)!r})")):
        child = subprocess.Popen([sys.executable, "-c", INTERRUPTED.replace("{}", code, 1), str(folder / "kept")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        child.stdout.readline()
        time.sleep(.3)
        begun = time.monotonic()
        child.send_signal(signal.SIGINT)
        out, error = child.communicate(timeout=600)
        took = time.monotonic() - begun
        check("KeyboardInterrupt" in out and child.returncode == 0, f"{what}: Ctrl-C did not end it", out, error)
        print(f"{what}: ended {took:.2f} s after Ctrl-C", flush=True)
    # The same call goes on from there.
    seen = []

    class Enough(Exception):
        pass

    def look(fraction, text):
        seen.append(fraction)
        if len(seen) == 3:
            raise Enough

    raises(Enough, lambda: midlab.run("preset:visitors", look, set=rounds, cache=folder / "kept"))
    check(max(seen[:2]) > .015, "an interrupted run began anew", seen)


test([figures, everybody, memory, records, sweeps, errors, interrupts])
