#!/usr/bin/python3
"""Writes nn.json and small.safetensors: what networks compute, worked out in NumPy (double precision, gradients by hand).

Needs Debian's python3-numpy. Nothing here knows midlab: formulas are method.md's, safetensors its format's own rules.
"""
import json
import pathlib
import struct

import numpy as np

FOLDER = pathlib.Path(__file__).parent
rng = np.random.default_rng(20090524)


def plain(value):
    return np.asarray(value, dtype=np.float64).tolist()


def single(*shape):
    """Numbers that a float holds exactly, so that both precisions start from the same."""
    return rng.standard_normal(shape).astype(np.float32).astype(np.float64)


def softplus(a):
    return np.maximum(a, 0) + np.log1p(np.exp(-np.abs(a)))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def log_sigma(a):
    return np.where(a < -15, a, np.log(softplus(np.maximum(a, -15))))


def kl_by_raw(a):
    s = softplus(np.maximum(a, -15))
    return np.where(a < -15, softplus(a) * sigmoid(a) - 1, (s - 1 / s) * sigmoid(a))


def kl_case():
    raw = np.array([-60, -40.5, -12, -10.5, -10, -9.5, -5, -1, 0, 1, 4, 5, 5.5, 6, 9, 30], dtype=np.float64)
    mu = np.concatenate([[2, 0], single(raw.size - 2)])
    a = raw - 5
    kl = (mu ** 2 + softplus(a) ** 2 - 1) / 2 - log_sigma(a)
    return {"mu": plain(mu), "raw": plain(raw), "kl": plain(kl), "by_mu": plain(mu), "by_raw": plain(kl_by_raw(a))}


def step_case():
    """Two steps of Adam on 6-5-2x3-4 with ReLU, cross-entropy + beta KL."""
    rows, inputs, hidden, k, classes, beta, rate = 7, 6, 5, 3, 4, .1, .01
    w = {"hidden.0.weight": single(inputs, hidden), "hidden.0.bias": single(1, hidden),
         "bottleneck.weight": single(hidden, 2 * k), "bottleneck.bias": single(1, 2 * k),
         "head.weight": single(k, classes), "head.bias": single(1, classes)}
    w["bottleneck.bias"][0, k:] += 5
    out = {"beta": beta, "rate": rate, "start": {n: plain(v) for n, v in w.items()}, "steps": []}
    first = {n: np.zeros_like(v) for n, v in w.items()}
    second = {n: np.zeros_like(v) for n, v in w.items()}
    for t in (1, 2):
        x, eps = single(rows, inputs), single(rows, k)
        y = np.eye(classes)[rng.integers(classes, size=rows)]
        before = x @ w["hidden.0.weight"] + w["hidden.0.bias"]
        h = np.maximum(before, 0)
        both = h @ w["bottleneck.weight"] + w["bottleneck.bias"]
        mu, a = both[:, :k], both[:, k:] - 5
        sigma = softplus(a)
        z = mu + sigma * eps
        logits = z @ w["head.weight"] + w["head.bias"]
        logp = logits - np.log(np.exp(logits).sum(1, keepdims=True))
        kl = ((mu ** 2 + sigma ** 2 - 1) / 2 - log_sigma(a)).sum(1)
        loss = -(y * logp).sum() / rows + beta * kl.mean()

        d_logits = (np.exp(logp) - y) / rows
        d_z = d_logits @ w["head.weight"].T
        d_mu = d_z + beta / rows * mu
        d_a = d_z * eps * sigmoid(a) + beta / rows * kl_by_raw(a)
        d_both = np.hstack([d_mu, d_a])
        d_before = (d_both @ w["bottleneck.weight"].T) * (before > 0)
        g = {"head.weight": z.T @ d_logits, "head.bias": d_logits.sum(0, keepdims=True),
             "bottleneck.weight": h.T @ d_both, "bottleneck.bias": d_both.sum(0, keepdims=True),
             "hidden.0.weight": x.T @ d_before, "hidden.0.bias": d_before.sum(0, keepdims=True)}
        for n in w:
            first[n] = .9 * first[n] + .1 * g[n]
            second[n] = .999 * second[n] + .001 * g[n] ** 2
            w[n] = w[n] - rate * (first[n] / (1 - .9 ** t)) / (np.sqrt(second[n] / (1 - .999 ** t)) + 1e-8)
        out["steps"].append({"x": plain(x), "y": plain(y), "eps": plain(eps), "kl": plain(kl), "loss": float(loss),
                             "gradient": {n: plain(v) for n, v in g.items()}, "after": {n: plain(v) for n, v in w.items()}})
    return out


def ridge_case():
    """argmin mean |x w - y|^2 / 2 + penalty |w|^2 / 2."""
    rows, inputs, penalty = 40, 4, .3
    x, y = single(rows, inputs), single(rows, 2)
    w = np.linalg.solve(x.T @ x / rows + penalty * np.eye(inputs), x.T @ y / rows)
    return {"penalty": penalty, "x": plain(x), "y": plain(y), "weight": plain(w)}


def pca_case(rows, pixels, k):
    """Pictures with a decaying spectrum; components by NumPy's SVD, signs so that the largest entry is positive."""
    basis = np.linalg.qr(rng.standard_normal((pixels, min(rows, pixels))))[0]
    x = (rng.standard_normal((rows, basis.shape[1])) * .8 ** np.arange(basis.shape[1])) @ basis.T + .5
    x = x.astype(np.float32).astype(np.float64)
    mean = x.mean(0)
    _, s, v = np.linalg.svd(x - mean, full_matrices=False)
    v = v[:k] * np.sign(v[np.arange(k), np.abs(v[:k]).argmax(1)])[:, None]
    return {"k": k, "pictures": plain(x), "mean": plain(mean), "sd": plain(s[:k] / np.sqrt(rows)), "components": plain(v)}


def write_safetensors():
    """A network of somebody else: 3 inputs, 2 hidden units, a plain bottleneck of 2, 3 classes; no metadata."""
    tensors = {"head.bias": np.array([.1, .2, .3]), "head.weight": np.arange(6).reshape(3, 2) / 4 - .5,
               "bottleneck.weight": np.array([[1, -1], [.5, 2]]), "bottleneck.bias": np.array([0, 1]),
               "hidden.0.weight": np.arange(6).reshape(2, 3) / 2, "hidden.0.bias": np.array([-1, 1])}
    header, data = {}, b""
    for name, value in tensors.items():
        raw = value.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (FOLDER / "small.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)
    x = np.array([[1, 2, 3], [-1, 0, 1.5]])
    relu = lambda v: np.maximum(v, 0)
    h = relu(x @ tensors["hidden.0.weight"].T + tensors["hidden.0.bias"])
    z = relu(h @ tensors["bottleneck.weight"].T + tensors["bottleneck.bias"])
    return {"x": plain(x), "z": plain(z), "logits": plain(z @ tensors["head.weight"].T + tensors["head.bias"])}


golden = {"kl": kl_case(), "step": step_case(), "ridge": ridge_case(), "pca_wide": pca_case(12, 40, 5),
          "pca_tall": pca_case(50, 9, 4), "safetensors": write_safetensors()}
(FOLDER / "nn.json").write_text(json.dumps(golden) + "\n")
