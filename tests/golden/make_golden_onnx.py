"""Writes small ONNX files and the answers that their exporter gives, tests/golden/onnx/NAME.onnx and onnx.json.

Needs Debian's python3-torch and python3-onnx; the tests read what it wrote and need neither.

    /usr/bin/python3 tests/golden/make_golden_onnx.py
"""

import json
import pathlib

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

FOLDER = pathlib.Path(__file__).parent / "onnx"
cases = {}


def rounded(a):
    return [[int(v) if v == int(v) else float(f"{v:.7g}") for v in row] for row in np.asarray(a, dtype=np.float64)]


def note(name, x, logits, **more):
    cases[name] = {"x": rounded(x.reshape(len(x), -1)), "logits": rounded(logits), **more}


def settle(model):
    """Batch norms that are no identity."""
    for m in model.modules():
        if isinstance(m, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            m.running_mean.uniform_(-1, 1), m.running_var.uniform_(0.3, 2)
            m.weight.data.uniform_(0.5, 1.5), m.bias.data.uniform_(-0.5, 0.5)
    return model.eval()


def export(name, model, x, opset, free=True, logits=None, fold=True):
    axes = {"input": {0: "n"}, "output": {0: "n"}} if free else None
    with torch.no_grad():
        answer = (logits or model)(x)
        torch.onnx.export(model, x if free else x[:1], str(FOLDER / f"{name}.onnx"), input_names=["input"], output_names=["output"],
                          dynamic_axes=axes, opset_version=opset, do_constant_folding=fold,
                          training=torch.onnx.TrainingMode.EVAL if fold else torch.onnx.TrainingMode.PRESERVE)
    note(name, x.numpy(), answer.numpy())


class Lenet(torch.nn.Module):
    def __init__(self):
        super().__init__()
        n = torch.nn
        self.a = n.Sequential(n.Conv2d(1, 3, 3, padding=1), n.BatchNorm2d(3), n.ReLU(), n.MaxPool2d(2))
        self.b = n.Sequential(n.Conv2d(3, 4, 3, stride=2), n.LeakyReLU(), n.AvgPool2d(2, stride=1, padding=1))
        self.c = n.Sequential(n.Linear(4 * 3 * 4, 6), n.Sigmoid(), n.Dropout(), n.Linear(6, 5), n.GELU(), n.Linear(5, 3))

    def forward(self, x):
        x = self.b(self.a(x))
        return self.c(x.view(x.size(0), -1))


class Residual(torch.nn.Module):
    """A norm before a padded convolution, which cannot be folded; groups, dilation, a residual, a global average."""

    def __init__(self):
        super().__init__()
        n = torch.nn
        self.norm, self.one, self.two = n.BatchNorm2d(2), n.Conv2d(2, 2, 3, padding=1, groups=2), n.Conv2d(2, 2, 3, padding=2, dilation=2)
        self.pool, self.head = n.AdaptiveAvgPool2d(1), n.Linear(2, 2)

    def forward(self, x):
        y = self.two(torch.nn.functional.elu(self.one(self.norm(x)))) + x
        return self.head(torch.flatten(self.pool(torch.relu(y)), 1))


class Arithmetic(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = torch.nn.Linear(5, 6), torch.nn.Linear(12, 4)
        self.register_buffer("mean", torch.tensor([0.5, -0.2, 0.1, 0.3, 1.0]))
        self.register_buffer("sd", torch.tensor([1.5, 0.7, 2.0, 1.1, 0.9]))

    def forward(self, x):
        y = torch.clamp(self.a((x - self.mean) / self.sd), -0.7, 0.9)
        y = torch.cat([y, 1 - torch.nn.functional.pad(y[:, 1:5], (1, 1))], 1)
        return self.b(torch.erf(y) * y + 2 * torch.nn.functional.softplus(y) - 1 / (1 + torch.exp(-y)))


class Powers(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = torch.nn.Linear(5, 4), torch.nn.Linear(28, 3)

    def forward(self, x):
        h = self.a(x)
        size = h * h + 0.1
        return self.b(torch.cat([h**2, h**5, torch.pow(size, 0.5), size**1.7, size**-2, size**-0.5, torch.pow(2.0, h)], 1))


class Extremes(torch.nn.Module):
    """The larger and the smaller of layers, rows and numbers, and the largest of a whole picture."""

    def __init__(self):
        super().__init__()
        n = torch.nn
        self.one, self.two, self.pool, self.head = n.Conv2d(1, 3, 3), n.Conv2d(1, 3, 3), n.AdaptiveMaxPool2d(1), n.Linear(3, 4)
        self.register_buffer("row", torch.tensor([0.3, -0.1, 0.2, 0.4]))

    def forward(self, x):
        y = self.head(torch.flatten(self.pool(torch.maximum(self.one(x), self.two(x))), 1))
        return torch.minimum(torch.maximum(self.row, y), torch.minimum(2 * y, torch.tensor(0.7)))


class Dose(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.Tanh(), torch.nn.Linear(6, 1))

    def forward(self, x):
        return self.layers(x) * 40 + 200


def network(nodes, weights, shape, opset, name):
    init = [numpy_helper.from_array(np.asarray(v, dtype=np.int64 if np.asarray(v).dtype.kind == "i" else np.float32), k) for k, v in weights.items()]
    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], init)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8)
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString())
    return model


def main():
    FOLDER.mkdir(exist_ok=True)
    torch.manual_seed(1)
    n = torch.nn
    x = torch.randn(7, 5)
    mlp = n.Sequential(n.Linear(5, 6), n.ReLU(), n.Linear(6, 4), n.ReLU(), n.Linear(4, 3), n.Softmax(1))
    export("mlp_opset9", mlp, x, 9, logits=mlp[:5])
    export("mlp_opset17_batch1", mlp, x, 17, free=False, logits=mlp[:5])
    mixed = settle(n.Sequential(n.Linear(5, 6), n.BatchNorm1d(6), n.Tanh(), n.Linear(6, 4), n.LeakyReLU(0.1), n.Linear(4, 2), n.LogSoftmax(1)))
    export("mixed_opset14", mixed, x, 14, logits=mixed[:6])
    export("mixed_unfolded", mixed, x, 13, logits=mixed[:6], fold=False)
    binary = n.Sequential(n.Linear(5, 4), n.Tanh(), n.Linear(4, 1), n.Sigmoid())
    export("binary_opset11", binary, x, 11, logits=binary[:3])
    export("arithmetic_opset15", Arithmetic().eval(), x, 15)
    pictures = (torch.rand(2, 1, 12, 14) * 64).round() / 64
    export("lenet_opset13", settle(Lenet()), pictures, 13)
    export("lenet_opset9_batch1", settle(Lenet()), pictures, 9, free=False)
    digits = n.Sequential(n.Conv2d(1, 4, 5, stride=3), n.ReLU(), n.MaxPool2d(2), n.Flatten(), n.Linear(64, 10))
    export("digits_opset13", digits.eval(), (torch.rand(1, 1, 28, 28) > 0.7).float(), 13)
    export("residual_opset16", settle(Residual()), torch.randn(3, 2, 6, 5), 16)

    # By hand: MatMul and Add with repeated fields one by one, opset 18 to 21.
    rng = np.random.default_rng(2)
    w1, b1, w2 = rng.normal(size=(5, 4)).astype(np.float32), rng.normal(size=4).astype(np.float32), rng.normal(size=(4, 3)).astype(np.float32)
    h = np.maximum(x.numpy() @ w1 + b1, 0)
    for opset in (18, 19, 20, 21):
        network([helper.make_node("MatMul", ["x", "w1"], ["a"]), helper.make_node("Add", ["b1", "a"], ["b"]), helper.make_node("Relu", ["b"], ["c"]),
                 helper.make_node("MatMul", ["c", "w2"], ["d"]), helper.make_node("Softmax", ["d"], ["y"], axis=-1)],
                {"w1": w1, "b1": b1, "w2": w2}, ["n", 5], opset, f"hand_opset{opset}")
        note(f"hand_opset{opset}", x.numpy(), h @ w2)
    # What scikit-learn's converter writes for a logistic regression of three classes, and for one after a StandardScaler.
    coef, bias = rng.normal(size=(3, 5)).astype(np.float32), rng.normal(size=3).astype(np.float32)
    offset, scale = rng.normal(size=5).astype(np.float32), rng.uniform(0.5, 2, size=5).astype(np.float32)
    def learnt(name, after, rows, scaled):
        nodes = [helper.make_node("Scaler", ["x"], ["s"], domain="ai.onnx.ml", offset=offset, scale=scale)] if scaled else []
        nodes += [helper.make_node("LinearClassifier", ["s" if scaled else "x"], ["label", "p"], domain="ai.onnx.ml", coefficients=coef[:rows].ravel(),
                                   intercepts=bias[:rows], classlabels_ints=list(range(rows)), post_transform=after, multi_class=1),
                  helper.make_node("Normalizer", ["p"], ["q"], domain="ai.onnx.ml", norm="L1"),
                  helper.make_node("ZipMap", ["q"], ["y"], domain="ai.onnx.ml", classlabels_int64s=list(range(rows)))]
        network(nodes, {}, ["n", 5], 12, name)
        z = (x.numpy() - offset) * scale if scaled else x.numpy()
        s = z @ coef[:rows].T + bias[:rows]
        note(name, x.numpy(), s if after == "SOFTMAX" else -np.log1p(np.exp(-s)))
    learnt("logistic_softmax", "SOFTMAX", 3, True)
    learnt("logistic_each", "LOGISTIC", 3, False)
    network([helper.make_node("LinearRegressor", ["x"], ["y"], domain="ai.onnx.ml", coefficients=coef[0], intercepts=bias[:1], targets=1)], {}, ["n", 5], 12,
            "regressor")
    note("regressor", x.numpy(), x.numpy() @ coef[:1].T + bias[0], kind="linear")

    hard = n.Sequential(n.Linear(5, 6), n.Hardswish(), n.Linear(6, 5), n.Hardsigmoid(), n.Linear(5, 4), n.SELU(), n.Linear(4, 4), n.CELU(1.3), n.Linear(4, 3))
    for layer in hard:
        if isinstance(layer, n.Linear): layer.weight.data *= 3   # beyond the knees
    export("hard_opset14", hard.eval(), 2 * x, 14)
    by_hand = {"a": w1, "b": w2}
    network([helper.make_node("MatMul", ["x", "a"], ["h"]), helper.make_node("HardSigmoid", ["h"], ["i"], alpha=.3, beta=.4),
             helper.make_node("MatMul", ["i", "b"], ["j"]), helper.make_node("Selu", ["j"], ["y"], alpha=1.5, gamma=.7)], by_hand, ["n", 5], 13, "hard_by_hand")
    j = np.clip(.3 * (x.numpy() @ w1) + .4, 0, 1) @ w2
    note("hard_by_hand", x.numpy(), .7 * np.where(j > 0, j, 1.5 * np.expm1(j)))

    export("powers_opset14", Powers().eval(), x, 14)
    export("extremes_opset13", Extremes().eval(), torch.randn(6, 1, 6, 7), 13)
    network([helper.make_node("MatMul", ["x", "a"], ["h"]), helper.make_node("Neg", ["h"], ["i"]), helper.make_node("Max", ["h", "row", "i", "k"], ["j"]),
             helper.make_node("MatMul", ["j", "b"], ["y"])], {**by_hand, "row": b1, "k": np.float32(-.2)}, ["n", 5], 13, "extremes_by_hand")
    h = x.numpy() @ w1
    # The logarithm of probabilities, some below the smallest that a float can hold.
    network([helper.make_node("MatMul", ["x", "a"], ["h"]), helper.make_node("MatMul", ["h", "b"], ["i"]), helper.make_node("Softmax", ["i"], ["j"], axis=-1),
             helper.make_node("Log", ["j"], ["y"])], {"a": w1 * 30, "b": w2}, ["n", 5], 13, "log_of_softmax")
    sure = x.numpy().astype(np.float64) @ (w1 * 30) @ w2
    sure -= sure.max(axis=1, keepdims=True)
    note("log_of_softmax", x.numpy(), sure - np.log(np.exp(sure).sum(axis=1, keepdims=True)))
    note("extremes_by_hand", x.numpy(), np.maximum(np.maximum(np.maximum(h, b1), -h), -.2) @ w2)
    # What predicts a number, in its units; and what predicts two.
    rows = 3 * torch.randn(60, 5)
    rows[:, 0] = (rows[:, 0] > 0).float()
    export("number_opset13", Dose().eval(), rows, 13)
    network([helper.make_node("LinearRegressor", ["x"], ["y"], name="both", domain="ai.onnx.ml", coefficients=coef[:2].ravel(), intercepts=bias[:2], targets=2)],
            {}, ["n", 5], 12, "two_numbers")

    # What is refused.
    def refused(name, nodes, weights, why, opset=13):
        network(nodes, weights, ["n", 5], opset, name)
        cases[name] = {"refused": why}
    refused("bad_operator", [helper.make_node("MatMul", ["x", "w1"], ["a"]), helper.make_node("LSTM", ["a", "w1", "w1"], ["y"], name="memory")], {"w1": w1},
            ["memory", "LSTM", "Gemm"])
    refused("bad_quantised", [helper.make_node("DequantizeLinear", ["x", "w1"], ["y"], name="q")], {"w1": w1[:1, 0]}, ["DequantizeLinear", "quantis"])
    refused("bad_power", [helper.make_node("MatMul", ["x", "w1"], ["a"]), helper.make_node("Pow", ["a", "a"], ["y"], name="tower")], {"w1": w1},
            ["tower", "Pow", "[]"])
    refused("bad_exponent", [helper.make_node("MatMul", ["x", "w1"], ["a"]), helper.make_node("Pow", ["a", "e"], ["y"], name="tower")],
            {"w1": w1, "e": np.float32(65)}, ["tower", "Y = 65", "-64 - 64"])
    refused("bad_shape", [helper.make_node("MatMul", ["x", "w2"], ["y"], name="product")], {"w2": w2}, ["product", "[n, 4]", '["n",5]'])
    refused("bad_batch", [helper.make_node("Reshape", ["x", "s"], ["y"], name="mix")], {"s": [5, -1]}, ["mix", "record"])
    model = network([helper.make_node("MatMul", ["x", "w1"], ["y"])], {"w1": w1}, ["n", 5], 13, "bad_external")
    t = model.graph.initializer[0]
    t.ClearField("raw_data")
    t.data_location = TensorProto.EXTERNAL
    e = t.external_data.add()
    e.key, e.value = "location", "weights.bin"
    (FOLDER / "bad_external.onnx").write_bytes(model.SerializeToString())
    cases["bad_external"] = {"refused": ["w1", "external data"]}
    (FOLDER.parent / "onnx.json").write_text(json.dumps(cases, indent=0) + "\n")
    for file in sorted(FOLDER.glob("*.onnx")):
        print(file.name, file.stat().st_size)


main()
