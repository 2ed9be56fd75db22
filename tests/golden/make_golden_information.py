#!/usr/bin/python3
"""Writes information.json: bounds of what Gaussian codes tell, and what one noisy number tells about a secret.

Needs Debian's python3-numpy. Everything is written out by the definition with matrices inverted outright; the truth is
a plain Monte Carlo mean of many draws, with its standard error.
"""
import json
import pathlib

import numpy as np

random = np.random.Generator(np.random.PCG64(5))


def kl(m0, c0, m1, c1):
    inverse = np.linalg.inv(c1)
    d = m1 - m0
    return .5 * (np.trace(inverse @ c0) + d @ inverse @ d - len(m0) + np.log(np.linalg.det(c1) / np.linalg.det(c0)))


def bhattacharyya(m0, c0, m1, c1):
    c, d = (c0 + c1) / 2, m1 - m0
    return d @ np.linalg.inv(c) @ d / 8 + .5 * np.log(np.linalg.det(c) / np.sqrt(np.linalg.det(c0) * np.linalg.det(c1)))


def pairwise(mean, covariance, distance):
    n = len(mean)
    d = np.array([[distance(mean[i], covariance[i], mean[j], covariance[j]) for j in range(n)] for i in range(n)])
    return float(-np.mean(np.log(np.exp(-d).mean(1))))


def estimates(mean, covariance, draws=4000):
    n, k = mean.shape
    inverse = np.linalg.inv(covariance)
    log_root = .5 * np.log(np.linalg.det(covariance))
    root = np.linalg.cholesky(covariance)
    with_own, without = np.zeros((n, draws)), np.zeros((n, draws))
    for i in range(n):
        z = mean[i] + random.standard_normal((draws, k)) @ root[i].T
        off = z[:, None, :] - mean[None]
        log_p = -.5 * np.einsum('dnk,nkl,dnl->dn', off, inverse, off) - log_root
        others = np.delete(log_p, i, 1)
        with_own[i] = log_p[:, i] - np.log(np.exp(log_p).mean(1))
        without[i] = log_p[:, i] - np.log(np.exp(others).mean(1))
    error = lambda x: float(np.sqrt((x.var(1, ddof=1) / draws).sum()) / n)
    return float(with_own.mean()), error(with_own), float(without.mean()), error(without)


def case(mean, covariance, **how):
    lower, lower_error, upper, upper_error = estimates(mean, covariance)
    return {**how, "mean": mean.round(6).tolist(), "upper": pairwise(mean, covariance, kl), "lower": pairwise(mean, covariance, bhattacharyya),
            "information": lower, "information_error": lower_error, "leave_one_out": upper, "leave_one_out_error": upper_error}


mean = random.standard_normal((30, 2)).round(6)
sd = np.exp(.5 * random.standard_normal((30, 2)) - .7).round(6)
diagonal = case(mean, np.array([np.diag(s ** 2) for s in sd]), sd=sd.tolist())
mean = random.standard_normal((12, 3)).round(6)
root = np.tril(.4 * random.standard_normal((12, 3, 3)))
root[:, range(3), range(3)] = np.exp(.3 * random.standard_normal((12, 3)) - .5)
root = root.round(6)
full = case(mean, root @ root.transpose(0, 2, 1), factor=root.tolist())


def bells(share, mean, sd):
    x = np.linspace(min(m - 12 * s for m, s in zip(mean, sd)), max(m + 12 * s for m, s in zip(mean, sd)), 2_000_001)
    p = [w * np.exp(-.5 * ((x - m) / s) ** 2) / (s * np.sqrt(2 * np.pi)) for w, m, s in zip(share, mean, sd)]
    all_ = np.sum(p, 0)
    log = lambda q: np.log(np.maximum(q, 1e-300))
    return {"share": share, "mean": mean, "sd": sd,
            "information": float(sum(np.sum(q * (log(q) - np.log(w) - log(all_))) for q, w in zip(p, share)) * (x[1] - x[0]))}


secret = [bells([.5, .5], [0, 2], [1, 1]), bells([.7, .3], [-1, 1.5], [1, .2]), bells([.2, .5, .3], [0, .1, 4], [1, 1.3, .7])]
out = {"rows": [diagonal, full], "secret": secret}
path = pathlib.Path(__file__).with_name("information.json")
path.write_text(json.dumps(out, indent=1) + "\n")
