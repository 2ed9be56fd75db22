"""Writes the two models that the page's test brings beside its table, tests/golden/own/smokers.onnx and smokers.safetensors.

Both take the columns of that table (tests/page/test_own_model.mjs) and answer "much" where somebody smokes. The ONNX file names nothing and
takes its inputs in the table's order; the other names its inputs, in another order, and its classes.
Needs Debian's python3-onnx; the tests read what it wrote and do not need it.

    /usr/bin/python3 tests/golden/make_golden_own_model.py
"""

import json
import pathlib
import struct

import numpy as np
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "own"
INPUTS = ["smokes=yes", "age", "town=Bern", "town=Ghent", "town=Oslo", "town=Rome", "pay"]


def weights(order):
    """Hidden layer 4 x 7 and head 2 x 4: whether somebody smokes, and a little of the age."""
    w1, b1 = np.zeros((4, len(order)), "f4"), np.zeros(4, "f4")
    w1[0, order.index("smokes=yes")], w1[1, order.index("age")], b1[1] = 1, 0.02, -0.5
    w2, b2 = np.array([[-3, -0.1, 0, 0], [3, 0.1, 0, 0]], "f4"), np.array([1.5, -1.5], "f4")
    return w1, b1, w2, b2


def write_onnx():
    names = ["w1", "b1", "w2", "b2"]
    nodes = [helper.make_node("Gemm", ["x", "w1", "b1"], ["a"], transB=1), helper.make_node("Relu", ["a"], ["h"]),
             helper.make_node("Gemm", ["h", "w2", "b2"], ["z"], transB=1), helper.make_node("Softmax", ["z"], ["y"], axis=1)]
    graph = helper.make_graph(nodes, "smokers", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", len(INPUTS)])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
                              [numpy_helper.from_array(v, k) for k, v in zip(names, weights(INPUTS))])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    (FOLDER / "smokers.onnx").write_bytes(model.SerializeToString())


def write_safetensors():
    order = INPUTS[::-1]
    header, data = {"__metadata__": {"inputs": json.dumps(order), "classes": json.dumps(["little", "much"])}}, b""
    for name, value in zip(["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"], weights(order)):
        raw = np.ascontiguousarray(value, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / "smokers.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


FOLDER.mkdir(exist_ok=True)
write_onnx()
write_safetensors()
