#!/usr/bin/python3
"""Writes linear.json: the information of noisy answers, and a regression fitted by MID, in NumPy as method.md section 2
writes the formulas: full matrices, no fast sums. Needs Debian's python3-numpy.
"""
import json
import pathlib

import numpy as np


def upper(mu, s):
    d = mu[:, None] - mu[None, :]
    return float(-np.log(np.exp(-d * d / (2 * s * s)).mean(axis=1)).mean())


def terms(mu, s):
    """A, I2 and dA/dmu, with r not symmetric."""
    n = len(mu)
    d = mu[:, None] - mu[None, :]
    e = np.exp(-d * d / (2 * s * s))
    total = e.sum(axis=1)
    r = e / total[:, None]
    centred = mu - mu.mean()
    variance = r @ centred ** 2 - (r @ centred) ** 2
    a = -np.log(total / n).mean()
    return float(a), float(a - variance.sum() / (2 * n * s * s)), ((r + r.T) * d).sum(axis=1) / (n * s * s)


def truth(mu, s):
    at = np.arange(mu.min() - 10 * s, mu.max() + 10 * s + s / 20, s / 20)
    p = np.exp(-(at[:, None] - mu[None, :]) ** 2 / (2 * s * s)).mean(axis=1) / (s * np.sqrt(2 * np.pi))
    f = np.zeros_like(p)
    f[p > 0] = -p[p > 0] * np.log(p[p > 0])
    return float(((f[1:] + f[:-1]) / 2).sum() * s / 20 - .5 * np.log(2 * np.pi * np.e * s * s))


def mixture(mu, s):
    a, second, gradient = terms(mu, s)
    return {"s": s, "mu": mu.tolist(), "upper": a, "lower": upper(mu, 2 * s), "taylor2": second,
            "truth": truth(mu, s), "gradient": gradient.tolist()}


def fit(x, y, s, price):
    """The lower of the two minima, by the pinned descent run to the end: J, weights, bias and both J."""
    xc, yc = x - x.mean(axis=0), y - y.mean()
    n, gram = len(y), xc.T @ xc
    best = np.linalg.solve(gram, xc.T @ yc)
    precondition = np.linalg.inv((2 + 2 * price / s ** 2) / n * gram)
    loss = lambda w: float(((yc - xc @ w) ** 2).mean() + price * upper(xc @ w, s))
    ends = []
    for w in (best, best / (1 + price / s ** 2)):
        for _ in range(20000):
            mu = xc @ w
            gradient = -2 / n * xc.T @ (yc - mu) + price * xc.T @ terms(mu, s)[2]
            d, j, t = precondition @ gradient, loss(w), 1.
            slope = float(gradient @ d)
            if slope < 1e-17:
                break
            while t > 1e-9 and loss(w - t * d) > j - 1e-4 * t * slope:
                t /= 2
            if t <= 1e-9:
                break
            w = w - t * d
        ends.append((loss(w), w))
    j, w = min(ends, key=lambda end: end[0])
    return {"s": s, "lambda": price, "loss": j, "weight": w.tolist(), "bias": float(y.mean() - w @ x.mean(axis=0)),
            "loss_of_starts": [e[0] for e in ends]}


def main():
    random = np.random.default_rng(33)
    crowds = np.concatenate([random.normal(c, .3, 40) for c in (-4, 0, 1, 9)]).round(3)
    heavy = random.standard_cauchy(150).round(3)
    mixtures = [mixture(m, s) for m, s in ((crowds, 1.), (crowds, .2), (heavy, .5), (random.normal(0, 1, 300).round(3), 2.))]
    # 60 rows: three numbers of different size, one switch, and a target that depends on all.
    x = np.column_stack([random.normal(5, 1, 60), random.normal(0, 20, 60), random.uniform(0, .1, 60),
                         random.integers(0, 2, 60)]).round(4)
    y = (.5 * x[:, 0] - .03 * x[:, 1] + 8 * x[:, 2] + x[:, 3] + random.normal(0, .5, 60)).round(4)
    fits = [fit(x, y, s, price) for s, price in ((1., .3), (1., 2.), (.5, .1), (.5, .5), (.3, .8),
                                                   (.15, .35), (.15, .5))]  # little noise: the two starts end apart, first OLS' is the lower, then the shrunk one's
    path = pathlib.Path(__file__).with_name("linear.json")
    path.write_text(json.dumps({"mixture": mixtures, "x": x.tolist(), "y": y.tolist(), "fits": fits}, indent=None) + "\n")
    for f in fits:
        print(f["s"], f["lambda"], f["loss_of_starts"], f["weight"])


main()
