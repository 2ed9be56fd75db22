#!/usr/bin/env python3
"""A model that only answers is attacked as it is: behind a command. It gives the figures of the same model from a file, is asked
nothing twice (not by a run that goes on, nor by another attack), and whatever else comes than answers has a sentence of its own.
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

from figures_same import far

BIN = os.environ["MIDLAB_BIN"]

# Answers for a regression or a network that midlab wrote, in plain Python; its first argument says what goes wrong.
PROGRAM = r"""
import json, math, os, struct, sys, time
fault, file, log = sys.argv[1], sys.argv[2], sys.argv[3] + ".log"  # no word of the command may be a file that changes
raw = open(file, "rb").read()
size = struct.unpack("<Q", raw[:8])[0]
header = json.loads(raw[8:8 + size])
def tensor(name):
    t = header[name]
    a, b = t["data_offsets"]
    kind, width = {"F32": ("f", 4), "F64": ("d", 8)}[t["dtype"]]
    return struct.unpack("<%d%s" % ((b - a) // width, kind), raw[8 + size + a:8 + size + b]), t["shape"]
def layer(name, x):
    (w, shape), (b, _) = tensor(name + ".weight"), tensor(name + ".bias")
    return [sum(p * q for p, q in zip(w[o * shape[1]:(o + 1) * shape[1]], x)) + b[o] for o in range(shape[0])]
def answer(x):
    if "weight" in header:
        w, b = tensor("weight")[0], tensor("bias")[0]
        return sum(p * (q or 0) for p, q in zip(w, x)) + b[0]
    mean, sd = tensor("input.mean")[0], tensor("input.sd")[0]
    x = [(v - m) / s for v, m, s in zip(x, mean, sd)]
    i = 0
    while "hidden.%d.weight" % i in header:
        x, i = [max(v, 0) for v in layer("hidden.%d" % i, x)], i + 1
    x = layer("head", x)
    x = [0, x[0]] if len(x) == 1 else x
    e = [math.exp(v - max(x)) for v in x]
    return [v / sum(e) for v in e]
for line in sys.stdin:
    question = json.loads(line)
    with open(log, "a") as f:
        for x in question["inputs"]: f.write(json.dumps(x) + "\n")
    if fault == "dies once" and not os.path.exists(log + ".died"):
        open(log + ".died", "w").close()
        sys.exit(3)
    if fault == "dies":
        print("the graphics card is on fire", file=sys.stderr)
        sys.exit(4)
    if fault in ("slow", "stuck"): time.sleep(1000)
    if fault == "nonsense": print("I would rather not say"); sys.stdout.flush(); continue
    if fault == "html": print("<html><body>404</body></html>"); sys.stdout.flush(); continue
    if fault == "talks": print("loading\nmore"); sys.stdout.flush(); continue
    if fault == "endless":
        while True: sys.stdout.write("9" * 65536)
    if fault == "refuses": print(json.dumps({"id": question["id"], "error": "not on Sundays"})); sys.stdout.flush(); continue
    out = [answer(x) for x in question["inputs"]]
    key = "probabilities" if isinstance(out[0], list) else "values"
    reply = {"id": question["id"], key: out}
    if fault == "too many": out.append(out[0])
    if fault == "too few": out.pop()
    if fault == "wide": out[0] = out[0] + [0]
    if fault == "narrow": out[1] = out[1][1:]
    if fault == "nan": out[0][0] = float("nan")
    if fault == "null": out[0][0] = None
    if fault == "word": out[0][0] = "high"
    if fault == "logits": out[0] = [2.5, -1.5]
    if fault == "sum": out[0] = [.5, .4]
    if fault == "other question": reply["id"] += 1
    if fault == "other field": reply = {"id": question["id"], "predictions": out}
    if fault == "classes": reply["classes"] = ["no", "yes"]
    if fault == "bare": reply = out
    print(json.dumps(reply))
    sys.stdout.flush()
"""

failures = []


def check(true, sentence):
    if not true:
        failures.append(sentence)
        print("FAILED:", sentence, flush=True)


def start(folder, *arguments):
    return subprocess.Popen([BIN, *arguments, "--cache", str(folder / "cache")], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def mid(folder, *arguments, code=0):
    run = start(folder, *arguments)
    out, error = run.communicate(timeout=600)
    if run.returncode != code:
        sys.exit(f"mid {' '.join(arguments)} ended with {run.returncode} and not {code}: {error}{out}")
    return json.loads(out) if code == 0 and "--json" in arguments else error


def write(path, spec):
    path.write_text(json.dumps(spec))
    return path.name


def outside(spec, command, **more):
    """The same experiment about a model that only answers."""
    release = spec["release"] if spec["release"]["kind"] != "none" else {"kind": "none"}
    attack = spec["attack"]
    return {"data": spec["data"], "model": {"command": command, **more}, "release": release, "attack": attack, "seed": spec["seed"]}


def asked(log):
    return log.read_text().splitlines() if log.exists() else []


def same_figures(folder):
    """A regression and a network of midlab's, answered for by Python, against the run of the file itself."""
    cases = {
        "dose": ["preset:dose", "--set", "data.private=600", "--set", "defense.kind=none"],
        "dose-rounded": ["preset:dose", "--set", "data.private=600", "--set", "defense.kind=none", "--set", "release.kind=round", "--set", "release.decimals=2"],
        "visitors": ["preset:visitors", "--set", "defense.kind=none", "--set", "model.bottleneck=0", "--set", "model.hidden=[32]", "--set", "train.epochs=4", "--set", "attack.shifts=0"],
        "visitors-label": ["preset:visitors", "--set", "defense.kind=none", "--set", "model.bottleneck=0", "--set", "model.hidden=[32]", "--set", "train.epochs=4", "--set", "attack.shifts=0",
                           "--set", "release.kind=label_only"],
    }
    for name, arguments in cases.items():
        direct = mid(folder, "run", *arguments, "--json", "--out", name)
        mid(folder, "run", *arguments, "--out", name)
        log = folder / f"{name}.log"
        spec = outside(direct["spec"], [sys.executable, "program.py", "none", f"{name}/model.safetensors", name], time_limit=600)
        through = mid(folder, "run", write(folder / "through.json", spec), "--json")
        print(name, len(asked(log)), "asked", flush=True)
        bad = far(direct, through, 1e-6 if name.startswith("dose") else 1e-6)
        check(not bad, f"{name}: the figures through the door are others: {bad}")
        check(len(set(asked(log))) == len(asked(log)) == through["notes"]["questions"], f"{name}: {len(asked(log))} records asked, {len(set(asked(log)))} of them different, {through['notes']['questions']} counted")
        check(any("answers from outside" in w for w in through["warnings"]), f"{name}: no warning says that nobody can bring its answers back: {through['warnings']}")
    return spec


TABLE = "x,y,region,class,sex,part\n" + "".join(f"{i % 7}.5,{i % 11},{'nse'[i % 13 % 3]},{'no' if (i * i) % 5 < 2 else 'yes'},{'f' if i % 7 < 3 else 'm'},{('train', 'test', 'auxiliary')[i % 3]}\n" for i in range(300))


def table(fault, log, **more):
    return {"data": {"csv": "t.csv", "target": "class", "sensitive": "sex", "split_column": "part"}, "model": {"command": [sys.executable, "program.py", fault, "t.safetensors", log and log.stem], **more},
            "attack": {"kind": "tree_black_box"}}


def faults(folder):
    (folder / "t.csv").write_text(TABLE)
    mid(folder, "run", write(folder / "own.json", {"data": table("", "")["data"], "model": {"kind": "network", "hidden": [4], "bottleneck": 0}, "train": {"epochs": 2}, "attack": {"kind": "none"}}), "--out", "own")
    (folder / "own/model.safetensors").rename(folder / "t.safetensors")
    sentences = {
        "dies": r"ended twice \(exit status 4\).*the graphics card is on fire",
        "nonsense": r"no JSON object .*I would rather not say", "html": "answered with a web page", "talks": r"more than one line for one question, then \"more",
        "endless": r"sent more than \d+ bytes in one answer", "refuses": r"refused: \"not on Sundays\"", "too many": r"answered about \d+ records where \d+ were asked",
        "too few": r"answered about \d+ records where \d+ were asked", "wide": "answered with 3 numbers for record 1 of the question, expected 2, a probability for each class",
        "narrow": "answered with 1 numbers for record 2", "nan": "infinite or none", "null": "infinite or none", "word": r"answered \"high\" for record 1", "logits": "2.5 for record 1 of the question, which is no probability; logits need",
        "sum": "add up to 0.9 for record 1", "other question": "answered question 2 where 1 was asked", "other field": r"without a list \"probabilities\"",
        "bare": "no JSON object", "slow": "did not answer within 0.3 seconds",
    }
    for fault, sentence in sentences.items():
        error = mid(folder, "run", write(folder / "fault.json", table(fault, folder / "fault.log", time_limit=.3 if fault == "slow" else 60)), code=1)
        check(re.search(sentence, error) and "model.command" in error, f"{fault}: {error}")
        check(len(error.strip().splitlines()) == 1, f"{fault}: more than a sentence: {error}")
    error = mid(folder, "run", write(folder / "fault.json", table("classes", folder / "fault.log")), code=0)
    error = mid(folder, "run", write(folder / "fault.json", {**table("classes", folder / "fault.log"), "data": {**table("", "")["data"], "target": "sex", "sensitive": "class"}}), code=1)
    check("has other classes than the data: number 1 is \"no\" there and" in error, error)
    mid(folder, "run", write(folder / "fault.json", table("dies once", folder / "once.log")))
    for change, sentence in (
            ({"model": {"command": ["no-such-program"]}}, "model.command cannot be started"),
            ({"model": {"kind": "black_box"}}, "model.command, model.url or model.file must be given"),
            ({"model": {"command": ["a"], "url": "http://127.0.0.1:1/v2/models/m"}}, "more than one is given"),
            ({"model": {"url": "https://example.org/v2/models/m"}}, "model.url must be the address of a model"),
            ({"defense": {"kind": "mid"}}, "defense.kind must be none for a model that only answers"),
            ({"defense": {"kind": "dropout"}}, "defense.kind \"dropout\" is not defined for model.kind \"black_box\": what is only asked"),
            ({"attack": {"kind": "likelihood_inference"}}, "attack.kind \"likelihood_inference\" is not defined for model.kind \"black_box\": it reads the inside of the model"),
            ({"attack": {"kind": "map_inference"}}, "attack.kind \"map_inference\" is about numbers"),
            ({"attack": {"kind": "lomia"}}, "model.as_table must be true for \"lomia\""),
            ({"control": "zero"}, "control zero takes all weights away"),
            ({"train": {"epochs": 3}}, "train.epochs is not a field"),
    ):
        error = mid(folder, "run", write(folder / "bad.json", {**table("none", folder / "bad.log"), **change}), code=2)
        check(sentence in error, f"{change}: {error}")


def nothing_twice(folder):
    """Kept answers serve the same run, one that was stopped, another attack; a budget ends a run and goes on from there."""
    log = folder / "twice.log"
    spec = write(folder / "twice.json", table("none", log, rows_per_question=16))
    first = mid(folder, "run", spec, "--json")
    n = len(asked(log))
    check(n == len(set(asked(log))) == first["notes"]["questions"], f"{n} asked, {first['notes']['questions']} needed")
    for more in (["--set", "release.kind=round"], ["--set", "attack.kind=csmia"], ["--set", "seed=1"]):
        mid(folder, "run", spec, *more)
        check(len(asked(log)) == n, f"{more} asked {len(asked(log)) - n} records again")
    # A budget that is used up, and raised.
    log = folder / "budget.log"
    spec = write(folder / "budget.json", table("none", log, rows_per_question=16, budget=50))
    error = mid(folder, "run", spec, code=1)
    check("model.budget of 50 records is used up" in error and len(asked(log)) <= 50, f"{len(asked(log))} asked: {error}")
    check(mid(folder, "run", spec, code=1) == error and len(asked(log)) <= 50, "the same run again went on asking")
    again = mid(folder, "run", spec, "--set", "model.budget=100000", "--json")
    check(len(asked(log)) == len(set(asked(log))) == n and again["privacy"] == first["privacy"], f"with a larger budget {len(asked(log))} were asked and {n} needed")
    # Ctrl-C while it waits: gone within a second, and what was answered is kept.
    log = folder / "stuck.log"
    run = start(folder, "run", write(folder / "stuck.json", table("stuck", log)))
    while not asked(log):
        time.sleep(.05)
    run.send_signal(signal.SIGINT)
    error = run.communicate(timeout=60)[1]
    check(run.returncode == 130 and "interrupted; its state is kept" in error, f"Ctrl-C while it waits ended with {run.returncode}: {error}")
    # A model that changed is another model.
    (folder / "program.py").write_text(PROGRAM + "\n")
    changed = mid(folder, "run", "twice.json", "--json")
    check(len(asked(folder / "twice.log")) == 2 * n and changed["id"] != first["id"], f"a changed program was not asked: {len(asked(folder / 'twice.log'))} records, id {changed['id']}")
    # Answers that change are asked for again where the specification says that they do.
    log = folder / "fresh.log"
    mid(folder, "run", write(folder / "fresh.json", table("none", log, fresh=True)))
    check(len(asked(log)) > len(set(asked(log))), "a model that answers anew was asked each record once")


with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    (folder / "program.py").write_text(PROGRAM)
    faults(folder)
    nothing_twice(folder)
    same_figures(folder)
sys.exit(f"{len(failures)} failures" if failures else 0)
