#!/usr/bin/python3
"""Writes defense.json: clipped gradients, HSIC plain and normalised, the conditional KL and CEM's price, worked out by PyTorch in double precision.

Needs Debian's python3-torch. Nothing here knows midlab: formulas are method.md's, gradients PyTorch's own.
"""
import json
import pathlib

import torch

torch.manual_seed(20090524)
torch.set_default_dtype(torch.float64)


def single(*shape):
    """Numbers that a float holds exactly, so that both precisions start from the same."""
    return torch.randn(*shape).float().double()


def clipping():
    """Each record's gradient on its own, clipped, added up. 6-5-(3)-4 with ReLU; weights are stored inputs x outputs."""
    shapes = {"hidden.0": (6, 5), "bottleneck": (5, 3), "head": (3, 4)}
    weights = {}
    for name, (a, b) in shapes.items():
        weights[name + ".weight"], weights[name + ".bias"] = single(a, b).requires_grad_(), single(1, b).requires_grad_()
    rows, clip, expected = 7, 1.5, 5
    x, label = single(rows, 6), torch.tensor([0, 1, 2, 3, 3, 0, 1])
    total = {name: torch.zeros_like(w) for name, w in weights.items()}
    norms = []
    for i in range(rows):
        a = x[i:i + 1]
        for name in ("hidden.0", "bottleneck"):
            a = torch.relu(a @ weights[name + ".weight"] + weights[name + ".bias"])
        logits = a @ weights["head.weight"] + weights["head.bias"]
        loss = torch.nn.functional.cross_entropy(logits, label[i:i + 1])
        gradient = torch.autograd.grad(loss, list(weights.values()))
        norm = torch.sqrt(sum((g ** 2).sum() for g in gradient))
        norms.append(norm.item())
        for name, g in zip(weights, gradient):
            total[name] += g * min(1.0, clip / norm.item()) / expected
    return {"clip": clip, "expected": expected, "x": x.tolist(), "y": torch.nn.functional.one_hot(label, 4).tolist(), "norms": norms,
            "weights": {n: w.detach().tolist() for n, w in weights.items()}, "gradient": {n: g.tolist() for n, g in total.items()}}


def kernel(a):
    return torch.exp(-torch.cdist(a, a) ** 2 / (2 * 25 * a.shape[1]))


def hsic(k, l):
    n = k.shape[0]
    h = torch.eye(n) - torch.ones(n, n) / n
    return torch.trace(k @ h @ l @ h) / (n - 1) ** 2


def normalised_hsic(k, l):
    """As the authors' code (AlanPeng0897/Defend_MI) has it: R = A (A + e m I)^-1 of A = K H, e = 1e-5."""
    m = k.shape[0]
    h = torch.eye(m) - torch.ones(m, m) / m
    shares = [a @ torch.inverse(a + 1e-5 * m * torch.eye(m)) for a in (k @ h, l @ h)]
    return (shares[0] * shares[1].T).sum()


def differences(z):
    """The kernel of z, without cdist, which has no gradient at distance 0."""
    return torch.exp(-((z[:, None] - z[None]) ** 2).sum(-1) / (2 * 25 * z.shape[1]))


def bido():
    x, z = single(6, 5), single(6, 4).requires_grad_()
    y = torch.nn.functional.one_hot(torch.tensor([0, 1, 2, 0, 1, 1]), 3).double()
    k = differences(z)
    of_input, of_label = hsic(kernel(x), k), hsic(k, y @ y.T)
    gradient, = torch.autograd.grad(.05 * of_input - .5 * of_label, z)
    return {"x": x.tolist(), "z": z.detach().tolist(), "y": y.tolist(), "of_input": of_input.item(), "of_label": of_label.item(),
            "gradient": gradient.tolist(), "normalised": normalised(kernel(x), y, z)}


def normalised(of_x, y, z):
    k = differences(z)
    of_input, of_label = normalised_hsic(of_x, k), normalised_hsic(k, y @ y.T)
    gradient, = torch.autograd.grad(.05 * of_input - .5 * of_label, z)
    return {"of_input": of_input.item(), "of_label": of_label.item(), "gradient": gradient.tolist()}


def cem():
    """Five clusters of three classes, of which a batch has two; the third cluster has no row in it."""
    mu = torch.tanh(single(6, 3)).float().double().requires_grad_()
    centres, stored, size = single(5, 3) / 2, torch.rand(5).float().double() / 4, torch.tensor([20., 30, 12, 400, 15])
    share, of_class, cluster = torch.tensor([.4, .6, .25, .75, 1]), torch.tensor([0, 0, 1, 1, 2]), torch.tensor([0, 1, 1, 0, 3, 3])
    s, price = .3, 2
    terms = []
    for label in (0, 1):
        total = 0
        for j in (of_class == label).nonzero().flatten().tolist():
            own = mu[cluster == j]
            variance = stored[j]
            if len(own):
                weight = min(10 * len(own) / size[j].item(), .99)
                variance = weight * ((own - centres[j]) ** 2).mean() + (1 - weight) * stored[j]
            total = total + share[j] * torch.relu(torch.log(variance + .01) - torch.log(torch.tensor(.125 * s ** 2 + .01)))
        terms.append(total)
    penalty = price * sum(terms) / len(terms)
    gradient, = torch.autograd.grad(penalty, mu)
    return {"noise": s, "lambda": price, "mu": mu.tolist(), "centres": centres.tolist(), "stored": [stored.tolist()],
            "size": [size.tolist()], "share": [share.tolist()], "of_class": torch.nn.functional.one_hot(of_class, 3).tolist(),
            "cluster": torch.nn.functional.one_hot(cluster, 5).tolist(), "penalty": penalty.item(), "gradient": gradient.tolist()}


def conditional():
    mu, raw, m = single(5, 3).requires_grad_(), (single(5, 3) + 5).requires_grad_(), single(4, 3).requires_grad_()
    label = torch.tensor([0, 1, 3, 1, 3])
    sigma = torch.nn.functional.softplus(raw - 5)
    kl = torch.distributions.kl_divergence(torch.distributions.Normal(mu, sigma), torch.distributions.Normal(m[label], torch.ones(5, 3)))
    loss = .3 * kl.sum(1).mean()
    by_mu, by_raw, by_mean = torch.autograd.grad(loss, (mu, raw, m))
    return {"beta": .3, "mu": mu.tolist(), "raw": raw.tolist(), "mean": m.tolist(), "y": torch.nn.functional.one_hot(label, 4).tolist(),
            "loss": loss.item(), "by_mu": by_mu.tolist(), "by_raw": by_raw.tolist(), "by_mean": by_mean.tolist()}


if __name__ == "__main__":
    out = {"clipping": clipping(), "bido": bido(), "conditional": conditional(), "cem": cem()}
    (pathlib.Path(__file__).parent / "defense.json").write_text(json.dumps(out, indent=1) + "\n")
