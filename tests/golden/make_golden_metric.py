#!/usr/bin/python3
"""Writes metric.json: pictures and their PSNR, SSIM, correlation and line-up, computed in NumPy without midlab's tricks.

Needs Debian's python3-numpy. Where python3-skimage is installed too, SSIM is compared with scikit-image's.
"""
import json
import math
import pathlib

import numpy as np

HEIGHT, WIDTH, WINDOW = 10, 9, 7


def ssim(a, b):
    values = []
    for y in range(HEIGHT - WINDOW + 1):
        for x in range(WIDTH - WINDOW + 1):
            p, q = (m[y:y + WINDOW, x:x + WINDOW].ravel() for m in (a, b))
            (vp, c), (_, vq) = np.cov(p, q)
            c1, c2 = .01 ** 2, .03 ** 2
            values.append((2 * p.mean() * q.mean() + c1) * (2 * c + c2) /
                          ((p.mean() ** 2 + q.mean() ** 2 + c1) * (vp + vq + c2)))
    mean = float(np.mean(values))
    try:
        from skimage.metrics import structural_similarity
    except ImportError:
        return mean
    theirs = structural_similarity(a, b, win_size=WINDOW, data_range=1, gaussian_weights=False)
    assert abs(theirs - mean) < 1e-12, (theirs, mean)
    return mean


def fit(guess, truth, average_guess, average_truth):
    return float(np.corrcoef(guess - average_guess, truth - average_truth)[0, 1])


def line_up(i, guess, truth, average, pool):
    others = [j for j in range(len(pool)) if pool[j] == pool[i] and j != i]
    k = min(9, len(others))
    own = fit(guess[i], truth[i], average[i], average[i])
    lower = sum(fit(guess[i], truth[j], average[i], average[j]) < own for j in others)
    return math.comb(lower, k) / math.comb(len(others), k)


def main():
    random = np.random.default_rng(20)
    pool = [0] * 14 + [7] * 4
    kinds = random.uniform(.3, .7, (2, HEIGHT * WIDTH))
    average = kinds[[int(p > 0) for p in pool]]
    truth = average + random.normal(0, .15, average.shape)
    guess = average + .1 * (truth - average) + random.normal(0, .18, average.shape)
    # Three decimals, so that the file is short; what is computed below is of the rounded pictures.
    truth, guess, average = (np.clip(m, 0, 1).round(3) for m in (truth, guess, average))
    picture = lambda m, i: m[i].reshape(HEIGHT, WIDTH)
    rows = range(len(pool))
    golden = {
        "height": HEIGHT, "width": WIDTH, "pool": pool,
        "truth": truth.tolist(), "guess": guess.tolist(), "average": average.tolist(),
        "squared_error": [float(np.mean((truth[i] - guess[i]) ** 2)) for i in rows],
        "psnr": [float(10 * np.log10(1 / np.mean((truth[i] - guess[i]) ** 2))) for i in rows],
        "ssim": [ssim(picture(guess, i), picture(truth, i)) for i in rows],
        "correlation": [fit(guess[i], truth[i], average[i], average[i]) for i in rows],
        "line_up": [line_up(i, guess, truth, average, pool) for i in rows],
    }
    path = pathlib.Path(__file__).with_name("metric.json")
    path.write_text("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in golden.items()) + "\n}\n")


main()
