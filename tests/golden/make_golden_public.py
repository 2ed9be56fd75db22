#!/usr/bin/python3
"""Writes public.json: what the field's public programs make of small data, models and answers, and what midlab's rules make of the same.

Needs Debian's python3-torch. Each program's constants and order of steps were read in the snapshot that SOURCES names and are written here
anew: nothing of it is imported or copied. `public` is their outcome, `ours` that of method.md's rule, both in double precision; the tests
of the C++ code read them (tests/unit/attack/test_public.cpp, tests/unit/info/test_rdp.cpp), docs/write_public.py tells what differs.
"""
import json
import math
import pathlib

import numpy as np
import torch

torch.manual_seed(20090524)
torch.set_default_dtype(torch.float64)
numbers = np.random.default_rng(20090524)
HERE = pathlib.Path(__file__).parent

SOURCES = {
    "accountant": ["Opacus", "pytorch/opacus", "4d0ebc84613d214fbfd37fbfd1390e3747a625ce", "opacus/accountants"],
    "clipping": ["Opacus", "pytorch/opacus", "4d0ebc84613d214fbfd37fbfd1390e3747a625ce", "opacus/optimizers/optimizer.py"],
    "mi_face": ["Adversarial Robustness Toolbox", "Trusted-AI/adversarial-robustness-toolbox", "23539e2c06045d78594b6b6da533eed57967e410",
                "art/attacks/inference/model_inversion/mi_face.py"],
    "gmi": ["the authors' code", "AI-secure/GMI-Attack", "dac39bc55df9aae109ef548823797bafd3d0e45f", "Celeba/attack.py"],
    "inversion_network": ["the authors' code", "yziqi/adversarial-model-inversion", "c421bbc8e8e7534c277d89b61444278c17e79972", "model.py"],
    "hsic": ["the authors' code", "AlanPeng0897/Defend_MI", "2a3f25f044aa46b936899f8fec354a877dc5d671", "BiDO/hsic.py"],
    "csmia": ["the authors' code", "smehnaz/Black-box-Model-Inversion-Attribute-Inference", "1feca3b475ee550c3fc33a69e7bc13841f1b53eb", "attack.py"],
}


def single(*shape):
    """Numbers that a float holds exactly, so that both precisions start from the same."""
    return torch.randn(*shape).float().double()


def plain(layers):
    return [p.tolist() for layer in layers for p in layer]


# The accountant of private descent.

OURS = [*(i / 10 for i in range(11, 110)), *range(11, 65), 128, 256, 512]
OPACUS = [*(1 + i / 10 for i in range(1, 100)), *range(12, 64)]   # its default orders, of which most are no whole numbers


def renyi(order, rate, sigma):
    """Of the sampled Gaussian: a sum for whole orders, for others ln E[(1 - q + q e^((2x - 1)/(2 s^2)))^a] by the trapezoidal rule."""
    if rate == 1:
        return order / (2 * sigma ** 2)
    if float(order).is_integer():
        k = np.arange(order + 1)
        choose = np.array([math.lgamma(order + 1) - math.lgamma(i + 1) - math.lgamma(order - i + 1) for i in k])
        terms = choose + (order - k) * math.log1p(-rate) + k * math.log(rate) + (k * k - k) / (2 * sigma ** 2)
    else:
        x = np.linspace(-40 * sigma, order + 40 * sigma, 200001)
        moved = np.logaddexp(math.log1p(-rate), math.log(rate) + (2 * x - 1) / (2 * sigma ** 2))
        terms = order * moved - x ** 2 / (2 * sigma ** 2) - math.log(sigma * math.sqrt(2 * math.pi)) + math.log(x[1] - x[0])
    return max(0, np.logaddexp.reduce(terms)) / (order - 1)


def least_epsilon(orders, steps, rate, sigma, delta):
    """Balle et al. 2020, as both convert."""
    return min((steps * renyi(a, rate, sigma) + math.log((a - 1) / a) - (math.log(delta) + math.log(a)) / (a - 1), a) for a in orders)


def accountant():
    cases = [(1000, .01, 1.1, 1e-5), (1, 1, 4, 1e-5), (1200, .1, 2, 1e-3), (600, .1, 1.1, 1e-5), (14063, .00427, 1.1, 1e-5), (400, .25, .6, 1e-5),
             (200, .05, 8, 1e-5), (10000, .001, .8, 1e-6)]
    out = []
    for steps, rate, sigma, delta in cases:
        (theirs, at), (ours, our_order) = least_epsilon(OPACUS, steps, rate, sigma, delta), least_epsilon(OURS, steps, rate, sigma, delta)
        whole = least_epsilon([a for a in OPACUS if float(a).is_integer()], steps, rate, sigma, delta)[0]
        out.append({"steps": steps, "rate": rate, "sigma": sigma, "delta": delta, "public": theirs, "public_order": round(at, 1),
                    "whole": whole, "ours": max(0, ours), "our_order": round(our_order, 1)})
    return out


def clipping():
    """Of the gradients of defense.json: Opacus divides by the norm plus 1e-6."""
    norms, clip = (json.loads((HERE / "defense.json").read_text())["clipping"][k] for k in ("norms", "clip"))
    return {"largest": max(abs(min(1, clip / n) - min(1, clip / (n + 1e-6))) for n in norms)}


# MI-Face.

def confidences(weights, pixels):
    (w, b), (head, bias) = weights
    return torch.softmax(torch.tanh(pixels @ w + b) @ head + bias, 1).diagonal()


def search(weights, rate, steps, rule):
    """Descent on 1 - p_t for each class from pixels of 0, kept in [0, 1]; `rule`, one for each class, hears its cost after each step and says
    whether it goes on. Where each class stopped, and the highest confidence on its way."""
    classes = weights[1][1].shape[1]
    pixels, stopped, rules = torch.zeros(classes, weights[0][0].shape[0]), [None] * classes, [rule() for _ in range(classes)]
    best = [0] * classes
    for step in range(1, steps + 1):
        pixels.requires_grad_()
        slope, = torch.autograd.grad(confidences(weights, pixels).sum(), pixels)
        on = torch.tensor([s is None for s in stopped])[:, None]
        pixels = torch.where(on, (pixels.detach() + rate * slope).clamp(0, 1), pixels.detach())
        p = confidences(weights, pixels).tolist()
        best = [max(pair) for pair in zip(best, p)]
        for t in range(classes):
            if stopped[t] is None and not rules[t](1 - p[t]):
                stopped[t] = step
    return {"step": [s or steps for s in stopped], "confidence": p, "best": best, "pixels": pixels.tolist()}


def toolbox_rule(threshold=.99, window=100):
    """A class is searched on while its cost is at most the threshold, or no better than the worst of the window: what should end it."""
    costs = []

    def goes_on(cost):
        worst = max(costs[-window:]) if len(costs) >= window else math.inf
        costs.append(cost)
        return cost <= threshold or cost >= worst
    return goes_on


def our_rule(threshold=.01, patience=100):
    costs = []

    def goes_on(cost):
        worst = max(costs[-patience:]) if len(costs) >= patience else math.inf
        costs.append(cost)
        return cost > threshold and cost < worst
    return goes_on


def mi_face():
    def network(inputs, hidden, classes):
        return [(single(inputs, hidden), single(1, hidden)), (2 * single(hidden, classes), single(1, classes))]

    few, many, rate = network(6, 5, 4), network(12, 8, 150), .1
    theirs, ours = (search(many, rate, 3000, rule) for rule in (toolbox_rule, our_rule))
    return {"rate": rate, "steps": 300, "layers": plain(few), "public": search(few, rate, 300, toolbox_rule), "ours": search(few, rate, 300, our_rule),
            "many": {"classes": 150, "steps": 3000, "layers": plain(many), "given_up": sum(s == 1 for s in theirs["step"]),
                     "public": np.mean(theirs["confidence"]), "ours": np.mean(ours["best"])}}


# Generative inversion.

def gmi():
    def perceptron(sizes):
        return [((single(a, b) * .7).float().double(), single(1, b)) for a, b in zip(sizes, sizes[1:])]

    def run(layers, x, slope):
        for i, (w, b) in enumerate(layers):
            x = (torch.nn.functional.leaky_relu(x, slope) if i else x) @ w + b
        return x

    generator, critic, (head,) = perceptron([8, 24, 16]), perceptron([16, 8, 4, 1]), [(2 * single(16, 5), single(1, 5))]
    start = single(5, 8).clamp(-1, 1)

    def costs(z):
        picture = torch.sigmoid(run(generator, z, 0))
        surprise = torch.nn.functional.cross_entropy(picture @ head[0] + head[1], torch.arange(5), reduction="none")
        return 100 * surprise - run(critic, picture, .2)[:, 0], surprise

    def descend(steps, rows):
        """The authors' costs are means over the `rows` classes that are searched at once, so each class's own step is that much shorter.
        `last`: what they answer; `best`: the least of each class's costs on the way, as midlab does."""
        z, v, best = start.clone(), torch.zeros(5, 8), torch.full((2, 5), math.inf)
        for _ in range(steps + 1):
            z.requires_grad_()
            cost, surprise = costs(z)
            slope, = torch.autograd.grad(cost.sum() / rows, z)
            best = torch.where(cost < best[0], torch.stack([cost, surprise]).detach(), best)
            at, last = z.detach(), surprise
            before, v = v, .9 * v - .02 * slope
            z = (at - .9 * before + 1.9 * v).clamp(-1, 1)
        return {"code": at.tolist(), "last": last.mean().item(), "best": best[1].mean().item()}

    return {"generator": plain(generator), "critic": plain(critic), "head": plain([head]), "start": start.tolist(), "steps": 12, "our_steps": 4,
            "public": descend(12, 5), "ours": descend(4, 1), "whole": {str(n): descend(1500, n) for n in (100, 5, 1)}}


# The decoder's input.

def inversion_network():
    p = torch.softmax(4 * single(12, 5), 1).float().double()
    p[3] = torch.tensor([1., 0, 0, 0, 0])
    p[4] = torch.tensor([1 - 2 ** -20, 2. ** -20, 0, 0, 0])

    def public(kept):
        values, where = torch.topk(p, kept)
        values = torch.clamp(torch.log(values), min=-1000) + 50
        values = values + torch.relu(-values.min(1, keepdim=True)[0])
        return torch.zeros_like(p).scatter_(1, where, values)

    def ours(kept):
        shown = torch.zeros_like(p).scatter_(1, torch.topk(p, kept)[1], 1)
        return shown * (torch.log(p.clamp(min=1e-10)) - math.log(1e-10))

    return {"confidence": p.tolist(), "kept": 2, "public": public(5).tolist(), "ours": ours(5).tolist(), "public_kept": public(2).tolist(),
            "ours_kept": ours(2).tolist(), "shift": 50 + math.log(1e-10)}


# HSIC.

def hsic():
    """On the data of defense.json, whose golden values are of double precision: the authors' own precision is single."""
    case = json.loads((HERE / "defense.json").read_text())["bido"]

    def value(precision):
        x, z, y = (torch.tensor(case[k], dtype=precision) for k in ("x", "z", "y"))
        m = len(x)
        h = torch.eye(m, dtype=precision) - torch.ones(m, m, dtype=precision) / m

        def share(k):
            return k @ h @ torch.inverse(k @ h + 1e-5 * m * torch.eye(m, dtype=precision))

        def kernel(a):
            return torch.exp(-((a[:, None] - a[None]) ** 2).sum(-1) / (2 * 25 * a.shape[1]))
        z_share = share(kernel(z))
        return [(z_share * share(k).T).sum().item() for k in (kernel(x), y @ y.T)]
    return {"public": value(torch.float32), "ours": value(torch.float64)}


# Confidence scores.

def wilson(share, n, z=1.96):
    """The lower end of its 95 % interval."""
    return (share + z * z / (2 * n) - z * math.sqrt((share * (1 - share) + z * z / (4 * n)) / n)) / (1 + z * z / n)


def csmia():
    """Answers for each of three values of a secret, as a tree gives them: few leaves, so equal confidences are frequent."""
    records, leaves = 600, 40
    size = numbers.integers(25, 200, leaves)
    right = np.maximum((numbers.uniform(.5, 1, leaves) * size).astype(int), 1)
    answer_of = numbers.integers(0, 2, leaves)
    leaf = numbers.integers(0, leaves, (records, 3))
    leaf[:200, 1] = leaf[:200, 0]   # of many records the secret is not asked: both values end in one leaf
    answer, share = answer_of[leaf], (right / size)[leaf]
    lower = np.array([wilson(right[i] / size[i], size[i]) for i in range(leaves)])[leaf]
    label, prior = numbers.integers(0, 2, records), [.5, .3, .2]

    def allowed(confidence, i):
        """The values among which the authors' code draws by chance."""
        match = np.flatnonzero(answer[i] == label[i])
        if len(match):
            return [int(v) for v in match if confidence[i, v] == confidence[i, match].max()]
        return [int(v) for v in np.flatnonzero(confidence[i] == confidence[i].min())]

    public = [allowed(share, i) for i in range(records)]
    ours = [max(some, key=lambda v: (prior[v], -v)) for some in public]
    by_lower = [max(allowed(lower, i), key=lambda v: (prior[v], -v)) for i in range(records)]
    return {"answer": answer.tolist(), "confidence": share.tolist(), "label": label.tolist(), "prior": prior, "public": public, "ours": ours,
            "matches": [int((answer[i] == label[i]).sum()) for i in range(records)],
            "tied": sum(len(some) > 1 for some in public), "other_by_lower": sum(a != b for a, b in zip(ours, by_lower))}


if __name__ == "__main__":
    out = {"sources": SOURCES, "accountant": accountant(), "clipping": clipping(), "mi_face": mi_face(), "gmi": gmi(), "inversion_network": inversion_network(),
           "hsic": hsic(), "csmia": csmia()}
    (HERE / "public.json").write_text(json.dumps(out, separators=(",", ":")) + "\n", encoding="utf-8")
