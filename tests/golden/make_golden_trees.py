"""Writes small ONNX files of trees and forests and what a plain walk answers for them: tests/golden/onnx_trees/NAME.onnx and
onnx_trees.json; files that are refused beside them, with words of the sentence; and seeds of the fuzz target of ONNX files
(tests/fuzz/onnx.cpp): a byte that says how, then a file.

Needs Debian's python3-onnx; from python3-sklearn, where it is installed, come the trees whose node tables are written by this script (it
has no converter). The tests read what it wrote and need neither.

    /usr/bin/python3 tests/golden/make_golden_trees.py
"""

import json
import math
import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "onnx_trees"
INPUTS = 4
cases = {}


class Trees:
    """Node tables of one ensemble, filled one node at a time."""

    def __init__(self):
        self.rows, self.leaves = [], []

    def node(self, tree, mode, feature=0, value=0.0, yes=0, no=0, missing=0, hits=1.0):
        number = sum(r["tree"] == tree for r in self.rows)
        self.rows.append(dict(tree=tree, id=number, mode=mode, feature=feature, value=np.float32(value), yes=yes, no=no, missing=missing, hits=hits))
        return self.rows[-1]

    def leaf(self, tree, numbers, hits=1.0):
        row = self.node(tree, "LEAF", hits=hits)
        for output, number in numbers.items():
            self.leaves.append((tree, row["id"], output, np.float32(number)))
        return row

    def attributes(self, classifier, labels=None, post="NONE", base=None, tensors=False, missing=False, **more):
        r, of = self.rows, "class" if classifier else "target"
        a = dict(nodes_treeids=[x["tree"] for x in r], nodes_nodeids=[x["id"] for x in r], nodes_featureids=[x["feature"] for x in r],
                 nodes_modes=[x["mode"] for x in r], nodes_truenodeids=[x["yes"] for x in r], nodes_falsenodeids=[x["no"] for x in r],
                 nodes_hitrates=[x["hits"] for x in r], post_transform=post)
        values, weights = [float(x["value"]) for x in r], [float(l[3]) for l in self.leaves]
        if tensors:
            a["nodes_values_as_tensor"] = numpy_helper.from_array(np.array(values, np.float64), "values")
            a[of + "_weights_as_tensor"] = numpy_helper.from_array(np.array(weights, np.float64), "weights")
        else:
            a["nodes_values"], a[of + "_weights"] = values, weights
        a[of + "_treeids"], a[of + "_nodeids"], a[of + "_ids"] = ([l[i] for l in self.leaves] for i in range(3))
        if missing: a["nodes_missing_value_tracks_true"] = [x["missing"] for x in r]
        if base is not None: a["base_values"] = [float(b) for b in base]
        if classifier: a["classlabels_strings" if isinstance(labels[0], str) else "classlabels_int64s"] = labels
        else: a["n_targets"] = 1
        return {**a, **more}


def walk(rows, tree, x):
    """The leaf that a record reaches, as the standard says it."""
    table = {r["id"]: r for r in rows if r["tree"] == tree}
    at = table[0]
    test = {"BRANCH_LEQ": lambda a, b: a <= b, "BRANCH_LT": lambda a, b: a < b, "BRANCH_GTE": lambda a, b: a >= b, "BRANCH_GT": lambda a, b: a > b,
            "BRANCH_EQ": lambda a, b: a == b, "BRANCH_NEQ": lambda a, b: a != b}
    while at["mode"] != "LEAF":
        v = x[at["feature"]]
        yes = bool(at["missing"]) if np.isnan(v) else test[at["mode"]](v, at["value"])
        at = table[at["yes"] if yes else at["no"]]
    return at["id"]


def answers(trees, x, attributes, labels):
    names = sorted({r["tree"] for r in trees.rows})
    outputs = sorted({l[2] for l in trees.leaves})
    single = labels is not None and len(labels) == 2 and len(outputs) == 1
    width = len(labels) if labels is not None and not single else 1
    out = []
    for record in x:
        per_tree = []
        for tree in names:
            leaf, s = walk(trees.rows, tree, record), np.zeros(width)
            for t, node, output, number in trees.leaves:
                if t == tree and node == leaf: s[0 if single else output] += number
            per_tree.append(s)
        how = attributes.get("aggregate_function", "SUM")
        s = {"SUM": np.sum, "AVERAGE": np.mean, "MIN": np.min, "MAX": np.max}[how](per_tree, axis=0)
        s = s + np.array(attributes.get("base_values", np.zeros(width)))
        post = attributes["post_transform"]
        if single:
            p = s[0] if post == "NONE" else 1 / (1 + math.exp(-s[0]))
            s = np.array([1 - p, p])
        elif post == "SOFTMAX":
            s = np.exp(s - s.max())
            s = s / s.sum()
        elif post == "LOGISTIC":
            s = 1 / (1 + np.exp(-s))
            s = s / s.sum()
        out.append(s)
    return np.array(out)


def write(name, classifier, attributes, inputs=INPUTS, before=(), metadata=None):
    nodes = list(before) + [helper.make_node("TreeEnsembleClassifier" if classifier else "TreeEnsembleRegressor", ["x" if not before else "b"],
                                             ["label", "p"] if classifier else ["y"], name="trees", domain="ai.onnx.ml", **attributes)]
    outputs = [helper.make_tensor_value_info(n, TensorProto.FLOAT, None) for n in (["p"] if classifier else ["y"])]
    graph = helper.make_graph(nodes, "trees", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", inputs])], outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8)
    if metadata: helper.set_model_props(model, metadata)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())
    return model


def case(name, trees, x, kind, labels=None, before=(), metadata=None, **how):
    a = trees.attributes(labels is not None, labels, **how)
    write(name, labels is not None, a, x.shape[1], before, metadata)
    y = answers(trees, x.astype(np.float32), a, labels)
    cases[name] = {"kind": kind, "x": [[None if np.isnan(v) else float(np.float32(v)) for v in row] for row in x],
                   "answers": [[float(f"{v:.8g}") for v in row] for row in y], "classes": [str(l) for l in labels or []]}


def refused(name, words, trees, labels=("a", "b"), change=None, classifier=True, before=(), **how):
    a = trees.attributes(classifier, list(labels), **how)
    for key, value in (change or {}).items():
        if value is None: a.pop(key)
        else: a[key] = value
    write(name, classifier, a, before=before)
    cases[name] = {"refused": words}


def stump(shares=((0.75, 0.25), (0.1, 0.9)), mode="BRANCH_LEQ", value=0.5, hits=(1.0, 1.0, 1.0)):
    t = Trees()
    t.node(0, mode, 1, value, 1, 2, hits=hits[0])
    for k, s in enumerate(shares): t.leaf(0, dict(enumerate(s)), hits=hits[k + 1])
    return t


def forest(rng, trees, depth, classes, modes, shares):
    t = Trees()
    for k in range(trees):
        def grow(level):
            if level == 0:
                w = rng.dirichlet(np.ones(classes)) / trees if shares else rng.normal(size=classes)
                return t.leaf(k, dict(enumerate(w)))["id"]
            row = t.node(k, str(rng.choice(modes)), int(rng.integers(INPUTS)), rng.integers(-2, 3) / 2, missing=int(rng.integers(2)))
            row["yes"], row["no"] = grow(level - 1), grow(level - 1 - (level > 1 and bool(rng.integers(2))))
            return row["id"]
        grow(depth)
    return t


def from_sklearn(x):
    """Node tables of trees that scikit-learn grew: its own probabilities are the truth beside the walk."""
    try:
        from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        print("scikit-learn is not installed: its trees are left out")
        return
    rng = np.random.default_rng(5)
    X = rng.integers(-2, 3, (300, INPUTS)).astype(np.float32) / 2
    y = (X[:, 0] + X[:, 1] * X[:, 2] + rng.normal(size=300) / 3 > 0).astype(int) + (X[:, 3] > 0.4)

    def add(t, k, tree, share, number_of):
        for i in range(tree.node_count):
            if tree.children_left[i] < 0:
                t.leaf(k, {o: v * share for o, v in enumerate(number_of(tree.value[i][0]))}, hits=float(tree.n_node_samples[i]))
            else:
                t.node(k, "BRANCH_LEQ", int(tree.feature[i]), tree.threshold[i], int(tree.children_left[i]), int(tree.children_right[i]),
                       hits=float(tree.n_node_samples[i]))

    one, many = DecisionTreeClassifier(max_depth=4, random_state=1).fit(X, y), RandomForestClassifier(7, max_depth=4, random_state=1).fit(X, y)
    boosted = GradientBoostingRegressor(n_estimators=6, max_depth=3, random_state=1).fit(X, X[:, 0] * 2 + X[:, 1] ** 2)
    for name, fitted, trees, kind in (("sklearn_tree", one, [one.tree_], "tree"), ("sklearn_forest", many, [e.tree_ for e in many.estimators_], "black_box")):
        t = Trees()
        for k, tree in enumerate(trees): add(t, k, tree, 1 / len(trees), lambda v: v / v.sum())
        case(name, t, x, kind, [int(c) for c in fitted.classes_])
        assert np.abs(np.array(cases[name]["answers"]) - fitted.predict_proba(x.astype(np.float32))).max() < 1e-5
    t = Trees()
    for k, e in enumerate(boosted.estimators_[:, 0]): add(t, k, e.tree_, boosted.learning_rate, lambda v: v)
    case("sklearn_boosted", t, x, "black_box", base=[float(boosted.init_.constant_[0][0])])
    assert np.abs(np.array(cases["sklearn_boosted"]["answers"])[:, 0] - boosted.predict(x.astype(np.float32))).max() < 1e-4


def main():
    FOLDER.mkdir(exist_ok=True)
    rng = np.random.default_rng(3)
    x = rng.integers(-3, 4, (12, INPUTS)) / 2
    gaps = x.copy()
    gaps[::3, 1] = gaps[1::4, 0] = np.nan
    leq, ordered = ["BRANCH_LEQ"], ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"]
    case("tree", stump(), x, "tree", ["no", "yes"])
    case("tree_counts", stump(hits=(60.0, 20.0, 40.0)), x, "tree", ["no", "yes"])
    case("tree_modes", forest(rng, 1, 5, 3, ordered, True), x, "tree", ["a", "b", "c"])
    case("tree_equal", forest(rng, 1, 3, 2, ["BRANCH_EQ", "BRANCH_NEQ"], True), x, "black_box", [0, 1])
    case("forest", forest(rng, 9, 4, 3, leq, True), x, "black_box", ["a", "b", "c"], metadata={"inputs": json.dumps(["p", "q", "r", "s"])})
    case("forest_missing", forest(rng, 5, 4, 2, ordered, True), gaps, "black_box", [3, 8], missing=True)
    case("forest_tensors", forest(rng, 4, 3, 3, leq, True), x, "black_box", ["a", "b", "c"], tensors=True)
    case("softmax", forest(rng, 6, 3, 3, ordered, False), x, "black_box", [0, 1, 2], post="SOFTMAX", base=[0.5, -0.25, 0])
    case("logistic_each", forest(rng, 4, 3, 3, leq, False), x, "black_box", [0, 1, 2], post="LOGISTIC")
    case("logistic_one", forest(rng, 6, 3, 1, leq, False), x, "black_box", [0, 1], post="LOGISTIC", base=[-0.3])
    case("shares_of_one", stump(((0.2,), (0.7,))), x, "tree", ["no", "yes"])
    for how in ("SUM", "AVERAGE", "MIN", "MAX"):
        case("regressor_" + how.lower(), forest(rng, 5, 3, 1, ordered, False), x, "black_box", aggregate_function=how, base=[2.5])
    case("cast", stump(), x, "tree", ["no", "yes"], before=[helper.make_node("Cast", ["x"], ["b"], to=TensorProto.FLOAT)])
    from_sklearn(x)

    refused("bad_circle", ["trees", "TreeEnsembleClassifier", "circle"], stump(), change={"nodes_truenodeids": [0, 0, 0]})
    refused("bad_child", ["node 7"], stump(), change={"nodes_falsenodeids": [7, 0, 0]})
    refused("bad_two_parents", ["circle"], stump(), change={"nodes_falsenodeids": [1, 0, 0]})
    refused("bad_roots", ["several"], stump(), change={"nodes_modes": ["LEAF", "LEAF", "LEAF"]})
    refused("bad_missing_list", ["nodes_featureids", "3"], stump(), change={"nodes_featureids": None})
    refused("bad_short_list", ["nodes_values", "3"], stump(), change={"nodes_values": [0.5]})
    refused("bad_leaf", ["node 9"], stump(), change={"class_nodeids": [1, 1, 2, 9]})
    refused("bad_inner", ["no leaf"], stump(), change={"class_nodeids": [0, 1, 2, 2]})
    refused("bad_class", ["class_ids", "5", "0 to 1"], stump(), change={"class_ids": [0, 1, 0, 5]})
    refused("bad_mode", ["nodes_modes", "BRANCH_SQUARE", "BRANCH_LEQ"], stump(mode="BRANCH_SQUARE"))
    refused("bad_post", ["post_transform", "PROBIT", "SOFTMAX"], stump(), post="PROBIT")
    refused("bad_attribute", ["nodes_favours", "changes"], stump(), nodes_favours=[1, 2])
    refused("bad_input", ["input 9"], stump(), change={"nodes_featureids": [9, 0, 0]})
    refused("bad_labels", ["1 classes"], stump(), labels=("a",))
    refused("bad_before", ["Scaler"], stump(), before=[helper.make_node("Scaler", ["x"], ["b"], domain="ai.onnx.ml", offset=[0.0] * 4, scale=[1.0] * 4)])
    refused("bad_targets", ["TreeEnsembleRegressor", "answers with 2 numbers a record"], stump(((1.0,), (2.0,))), classifier=False, change={"n_targets": 2})
    refused("bad_base", ["base_values"], stump(), base=[0.1, 0.2, 0.3])
    # What ONNX Runtime (1.30) answers with numbers that are no confidences, or without some of the leaves.
    refused("bad_second", ["second of two classes", "class_ids"], stump(((0.2,), (0.7,))), post="LOGISTIC", change={"class_ids": [1, 1]})
    refused("bad_margin", ["below 0", "LOGISTIC"], stump(((-0.2,), (0.7,))))
    refused("bad_margin_softmax", ["post_transform", "SOFTMAX", "NONE, LOGISTIC"], stump(((0.2,), (0.7,))), post="SOFTMAX")
    refused("bad_two_bases", ["two base_values", "one base value"], stump(), base=[0.1, 0.2])
    FOLDER.with_suffix(".json").write_text(json.dumps(cases, indent=0) + "\n")
    # The fuzz target's own table has five inputs and the classes n and y.
    write("people", True, stump(value=1.5).attributes(True, ["n", "y"]), inputs=5)
    seeds = {"people": 4, "forest": 5, "softmax": 5, "regressor_min": 6, "forest_tensors": 5, "forest_missing": 5, "bad_circle": 4, "bad_child": 5,
             "bad_roots": 4, "bad_short_list": 5, "bad_attribute": 4}
    for name, how in seeds.items():
        (FOLDER.parent.parent / "fuzz/seeds/onnx" / f"trees_{name}.bin").write_bytes(bytes([how]) + (FOLDER / f"{name}.onnx").read_bytes())
    (FOLDER / "people.onnx").unlink()
    for file in sorted(FOLDER.glob("*.onnx")): print(file.name, file.stat().st_size)


main()
