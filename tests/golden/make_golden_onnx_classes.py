#!/usr/bin/env python3
"""Writes onnx_classes/*.onnx and onnx_classes.json: perceptrons as scikit-learn's converter (skl2onnx) writes an MLPClassifier, built by
hand with Debian's python3-onnx: a Scaler, products and sums, confidences (of two classes 1 - s and s beside each other), the class that
is chosen, by its name in a tensor of texts, as the first output, and a ZipMap of names and confidences as the second. Logits by NumPy.
"""
import json
import pathlib

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "onnx_classes"
random = np.random.default_rng(5)
cases = {}


def perceptron(name, classes, zipmap=True, squeezed=False):
    outputs = 1 if len(classes) == 2 else len(classes)
    x = random.normal(2, 3, (6, 4)).astype("f4")
    offset, scale = [random.uniform(.5, 2, 4).astype("f4") for _ in range(2)]
    w = [random.normal(size=s).astype("f4") for s in ((4, 3), (3, outputs))]
    b = [random.normal(size=(1, s)).astype("f4") for s in (3, outputs)]
    node = helper.make_node
    nodes = [node("Scaler", ["X"], ["s"], domain="ai.onnx.ml", offset=offset.tolist(), scale=scale.tolist()), node("MatMul", ["s", "w0"], ["p0"]),
             node("Add", ["p0", "b0"], ["h0"]), node("Relu", ["h0"], ["r0"]), node("MatMul", ["r0", "w1"], ["p1"]), node("Add", ["p1", "b1"], ["z"])]
    if outputs == 1:
        nodes += [node("Sigmoid", ["z"], ["second"]), node("Sub", ["one", "second"], ["first"]), node("Concat", ["first", "second"], ["all"], axis=1)]
    else:
        nodes.append(node("Softmax", ["z"], ["all"], axis=1))
    if squeezed: nodes.append(node("Reshape", ["all", "sides"], ["probabilities"]))
    else: nodes.append(node("Identity", ["all"], ["probabilities"]))
    texts = isinstance(classes[0], str)
    nodes += [node("ArgMax", ["probabilities"], ["best"], axis=1), node("ArrayFeatureExtractor", ["classes", "best"], ["named"], domain="ai.onnx.ml"),
              node("Reshape", ["named", "flat"], ["output_label"])]
    label = helper.make_tensor_value_info("output_label", TensorProto.STRING if texts else TensorProto.INT64, [None])
    answers = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, len(classes)])
    if zipmap:
        key = "classlabels_strings" if texts else "classlabels_int64s"
        nodes.append(node("ZipMap", ["probabilities"], ["output_probability"], domain="ai.onnx.ml", **{key: classes}))
        answers = helper.make_empty_tensor_value_info("output_probability")
    weights = [numpy_helper.from_array(a, n) for n, a in (("w0", w[0]), ("w1", w[1]), ("b0", b[0]), ("b1", b[1]), ("one", np.ones(1, "f4")),
                                                        ("flat", np.array([-1])), ("sides", np.array([-1, len(classes)])))]
    weights.append(helper.make_tensor("classes", TensorProto.STRING, [len(classes)], [c.encode() for c in classes]) if texts
                   else numpy_helper.from_array(np.array(classes), "classes"))
    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, 4])], [label, answers], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())
    h = np.maximum((x.astype("f8") - offset) * scale @ w[0] + b[0], 0)
    cases[name] = {"x": np.round(x.astype("f8"), 6).tolist(), "logits": np.round(h @ w[1] + b[1], 6).tolist(),
                   "classes": [str(c) for c in classes] if zipmap and classes != list(range(len(classes))) else []}


FOLDER.mkdir(exist_ok=True)
perceptron("two", ["no", "yes"])
perceptron("two_turned", ["yes", "no"])
perceptron("two_without_names", ["no", "yes"], zipmap=False)
perceptron("three", ["top", "low", "mid"], squeezed=True)
perceptron("three_numbers", [3, 1, 2])
perceptron("three_places", [0, 1, 2])
(FOLDER.parent / "onnx_classes.json").write_text(json.dumps(cases, indent=0) + "\n")
