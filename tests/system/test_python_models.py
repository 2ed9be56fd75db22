#!/usr/bin/env python3
"""A model that is a function of Python is attacked as the same model behind a command is, gets what it should, and whatever else comes
of it than answers has its sentence or its own exception; other threads go on."""
import sys
import threading
import time
import traceback

import numpy as np

from python_module import FACES, check, mid, midlab, raises, table, test, write

# The same model as a function and as a program.
LOGISTIC = "1 / (1 + math.exp(-(x[0] - 50) / 10 - 2 * x[1] + 1))"
PROGRAM = f"import json, math, sys\nfor line in sys.stdin:\n    q = json.loads(line)\n    p = [{LOGISTIC} for x in q['inputs']]\n    print(json.dumps({{'id': q['id'], 'probabilities': [[1 - y, y] for y in p]}}), flush=True)\n"


def logistic(inputs):
    import math
    return [[1 - y, y] for y in (eval(LOGISTIC, {"math": math, "x": x}) for x in inputs.astype(float).tolist())]


def attacks(folder):
    (folder / "program.py").write_text(PROGRAM)
    asked = []

    def predict(inputs):
        asked.append(inputs)
        return np.array(logistic(inputs))

    base = table(folder)
    for change in ({}, {"release.kind": "label_only"}, {"attack.kind": "csmia"}, {"control": "permuted"}, {"model.rows_per_question": 7}):
        asked.clear()
        own = midlab.attack(predict, base, set=change)
        through = midlab.run(table(folder, command=[sys.executable, str(folder / "program.py")]), set=change, cache=False)
        for group in ("utility", "privacy"):
            check(own[group] == through[group], f"{change}: {group} differs from that of the same model behind a command", own[group], through[group])
        inputs = np.concatenate(asked)
        check(inputs.dtype == np.float32 and inputs.shape[1] == 2 and len(np.unique(inputs, axis=0)) == len(inputs), f"{change}: asked {inputs.shape}")
        check(max(map(len, asked)) <= (7 if change.get("model.rows_per_question") else 256), f"{change}: asked about {max(map(len, asked))} records at once")
    inside = midlab.data(base)
    known = {row.tobytes() for row in inside.inputs}
    check(sum(row.tobytes() in known for row in inputs) > 100, "the inputs are not those of midlab.data")

    # What the attacker gets is in the answers alone: of answers dealt to others nothing is left.
    found, control = (midlab.attack(predict, base, set=change)["privacy"]["attack_accuracy"] for change in ({}, {"control": "permuted"}))
    check(found["low"] > found["baseline"], "the secret was not found", found)
    check(control["low"] <= control["baseline"] <= control["high"], "answers dealt to others tell something", control)

    # A number; and missing values arrive as NaN.
    seen = []
    dose = {"data": midlab.presets()["dose"]["data"], "attack": {"kind": "map_inference"}}

    def number(inputs):
        seen.append(inputs)
        return np.nan_to_num(inputs).sum(axis=1)

    check(midlab.attack(number, dose)["privacy"], "a number is not attacked")
    (folder / "gaps.csv").write_text("age,sex,ill,part\n" + "".join(f"{'' if i % 5 == 0 else i % 60},{'fm'[i % 2]},{'no yes'.split()[i * i % 3 % 2]},{('train', 'test', 'auxiliary')[i % 3]}\n" for i in range(300)))
    seen.clear()

    def gaps(inputs):
        seen.append(inputs)
        return np.full((len(inputs), 2), .5)

    spec = {"data": {**base["data"], "csv": str(folder / "gaps.csv")}, "model": {"as_table": True}, "attack": {"kind": "lomia"}}
    midlab.attack(gaps, spec)
    check(np.isnan(np.concatenate(seen)).any(), "no missing value arrived")

    # What comes out of predict.
    def wrong(inputs):
        raise ZeroDivisionError("a bad day")

    error = raises(ZeroDivisionError, lambda: midlab.attack(wrong, base), "a bad day")
    check("in wrong" in "".join(traceback.format_exception(type(error), error, error.__traceback__)), "the traceback does not lead into the function")
    n = lambda inputs: len(inputs)
    for answer, parts in ((lambda x: np.full((n(x), 3), 1 / 3), ("answered with 3 numbers for record 1", "expected 2")), (lambda x: np.full((n(x) + 1, 2), .5), ("records where", "were asked")),
                          (lambda x: np.full(n(x), .5), ("answered with 1 numbers",)), (lambda x: np.full((n(x), 2), np.nan), ("infinite or none",)),
                          (lambda x: np.full((n(x), 2), 3.), ("which is no probability",)), (lambda x: np.full((n(x), 2, 2), .25), ("answered with 4 numbers",)),
                          (lambda x: .5, ("about 1 records",)), (lambda x: [], ("about 0 records",)), (lambda x: None, ("about 1 records",))):
        failure = raises(midlab.Failure, lambda: midlab.attack(answer, base, name="mine"), *parts)
        check("python mine" in str(failure), "the sentence does not name the model:", failure)
    raises(ValueError, lambda: midlab.attack(lambda x: ["a"] * n(x), base), "could not convert")
    raises(TypeError, lambda: midlab.attack("no function", base), "found str")
    white = mid("run", write(folder / "white.json", {**table(folder, command=["a"]), "attack": {"kind": "likelihood_inference"}}), code=2)
    check(str(raises(midlab.Error, lambda: midlab.attack(predict, base, set={"attack.kind": "likelihood_inference"}))) == white, "a white-box attack is not refused as usual")
    raises(midlab.Error, lambda: midlab.attack(predict, {**base, "defense": {"kind": "mid"}}), "defense.kind must be none for a model that only answers")
    raises(midlab.Error, lambda: midlab.attack(predict, base, cache=folder / "cache"), "needs a name")
    check(midlab.attack(predict, {**base, "model": {"kind": "network", "hidden": [3]}})["spec"]["model"]["kind"] == "black_box", "a model that would be trained is not left out")

    # With a name and a cache nothing is asked twice.
    asked.clear()
    midlab.attack(predict, base, name="first", cache=folder / "answers")
    first = len(asked)
    midlab.attack(predict, base, set={"attack.kind": "csmia"}, name="first", cache=folder / "answers")
    check(0 < first == len(asked), f"{len(asked) - first} questions were asked again")


def threads(folder):
    """Another thread of Python goes on while the core works, and two attacks run at once."""
    counted, ended = [0], threading.Event()

    def count():
        while not ended.wait(.001):
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    midlab.run("preset:visitors", set=FACES, cache=False)
    ticks = counted[0]
    check(ticks > 5, f"the other thread counted to {ticks} while the core worked")   # it would stand still at 0 or 1
    counted[0] = 0

    def predict(inputs):
        time.sleep(.01)
        check(threading.current_thread() in (first, second), "predict runs on another thread than its attack")
        return np.array(logistic(inputs))

    found = {}
    base = table(folder)
    first, second = (threading.Thread(target=lambda k=k: found.update({k: midlab.attack(predict, base, set={"seed": k, "model.rows_per_question": 10})["privacy"]})) for k in (1, 2))
    for attack in (first, second):
        attack.start()
    for attack in (first, second):
        attack.join()
    ended.set()
    thread.join()
    check(counted[0] > 5 and set(found) == {1, 2}, f"two attacks at once: {set(found)}, counted to {counted[0]}")
    check(found.get(1) == midlab.attack(logistic, base, set={"seed": 1, "model.rows_per_question": 10})["privacy"], "an attack beside another has other figures")


def scikit_learn(folder):
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        print("scikit-learn is not installed: its model is left out")
        return
    spec = table(folder)
    data = midlab.data(spec)
    model = LogisticRegression(max_iter=1000).fit(data.train.inputs, data.train.target)
    result = midlab.attack(model.predict_proba, spec)
    right = np.mean(model.predict(data.test.inputs) == data.test.target)
    check(abs(result["utility"]["accuracy"]["value"] - right) < 1e-9, f"scikit-learn says {right}, the result {result['utility']['accuracy']}")
    check(result["privacy"]["attack_accuracy"]["value"] > .5, "the attack on scikit-learn's model is", result["privacy"])


test([attacks, threads, scikit_learn])
