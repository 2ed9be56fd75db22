#!/usr/bin/python3
"""Writes rivals.json: what the authors' code of BREP-MI, KED-MI, LOMMA, CEM, Trap-MID and BiDO makes of small numbers, and what midlab's rules make
of the same.

Needs Debian's python3-torch. Constants and order of steps were read in the snapshots that SOURCES names and are written here anew: nothing of
them is imported or copied. `public` is their outcome, `ours` that of method.md's rule, both in double precision; the tests of the C++ code
read them (tests/unit/attack/test_public.cpp, tests/unit/defense/test_companions.cpp and test_trap_mid.cpp), docs/write_public.py tells what differs.
"""
import json
import math
import pathlib

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, log_softmax, relu, softmax, softplus

torch.manual_seed(20090524)
torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent

SOURCES = {
    "brep_mi": ["the authors' code", "m-kahla/Label-Only-Model-Inversion-Attacks-via-Boundary-Repulsion", "8a2e200c24743680fb6c49dc011018213c11be97",
                "brep_mi.py, config2.yaml"],
    "ked_mi": ["the authors' code", "SCccc21/Knowledge-Enriched-DMI", "1ec92f4697233028c74ad90fee75c69691948917", "k+1_gan.py, attack.py"],
    "lomma": ["the authors' code", "sutd-visual-computing-group/Re-thinking_MI", "ed4b6b8900e4d7fed8f70d7e6a444893963d920e", "attack.py, engine.py"],
    "cem": ["the authors' code", "xiasong0501/CEM", "5ddd1fd08c33a4fc3cbdf090aa16fffba3b1a911", "model_training_paral_pruning.py, run_exp.sh"],
    "trap_mid": ["the authors' code", "ntuaislab/Trap-MID", "3d59377536a5638a9cb5542ab0fb3fdf35b43461", "engine.py, config/celeba/classify_trap.json"],
    "bido": ["the authors' code", "AlanPeng0897/Defend_MI", "2a3f25f044aa46b936899f8fec354a877dc5d671", "BiDO/engine.py, BiDO/hsic.py"],
}


def single(*shape):
    """Numbers that a float holds exactly, so that both precisions start from the same."""
    return torch.randn(*shape).float().double()


def plain(layers):
    return [p.tolist() for layer in layers for p in layer]


def perceptron(sizes):
    return [(single(a, b) * .8, single(1, b)) for a, b in zip(sizes, sizes[1:])]


def exact(layers):
    return [(w.float().double(), b) for w, b in layers]


# Boundary repulsion.

def brep_turn(code, radius, directions, inside, enlarged):
    """Where a turn moves a code: their push is divided by the radius as it is once the sphere has been enlarged, ours by the sphere's own."""
    push = -(directions * ~inside[:, None]).mean(0)
    return np.clip(code + min(radius / 3, 3) * push / (1.3 if enlarged else 1), -1.5, 1.5)


def brep_search(label, start, wanted, turns, points, draw, theirs):
    """Theirs asks a sum of +1 and -1 to be more than .75 of the points: seven in eight inside. It enlarges the sphere whether or not the code may
    move; ours enlarges with the step, from three in four on. Both answer what they had when they last enlarged."""
    code, answer, radius, told = start.copy(), start.copy(), 2., []
    for _ in range(turns):
        directions = draw.standard_normal((points, len(start)))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        inside = label(code + radius * directions) == wanted
        enough = {"public": bool((2 * inside - 1).sum() > .75 * points), "ours": bool(inside.sum() > .75 * points)}
        enlarges = enough["public" if theirs else "ours"]
        both = [brep_turn(code, radius, directions, inside, one and enlarges) for one in (True, False)]
        moved = both[0 if theirs else 1]
        told.append({"code": code.tolist(), "radius": radius, "directions": directions.tolist(), "inside": inside.astype(int).tolist(),
                     "enlarges": enough, "public": both[0].tolist(), "ours": both[1].tolist()})
        stays = label(moved[None])[0] != wanted
        if enlarges and (theirs or not stays):
            radius *= 1.3
        if not stays:
            code = moved
            if enlarges:
                answer = moved
    return answer, told


def brep_mi():
    """Classes are the nearest of six middles in 16 numbers: how far an answer is from the boundary is then known."""
    draw = np.random.default_rng(20090524)
    middles = draw.standard_normal((6, 16)) * .6

    def label(z):
        return ((z[:, None] - middles[None]) ** 2).sum(-1).argmin(1)

    def depth(z, t):
        return min((((z - middles[j]) ** 2).sum() - ((z - middles[t]) ** 2).sum()) / (2 * np.linalg.norm(middles[j] - middles[t])) for j in range(6) if j != t)

    depths = {"start": [], "public": [], "ours": []}
    for seed in range(20):
        for t in range(6):
            one = np.random.default_rng([seed, t])
            while True:
                start = np.clip(one.standard_normal(16), -1.5, 1.5)
                if label(start[None])[0] == t:
                    break
            depths["start"].append(depth(start, t))
            for name in ("public", "ours"):
                answer, _ = brep_search(label, start, t, 200, 32, np.random.default_rng([seed, t, 1]), name == "public")
                depths[name].append(depth(answer, t))
    few, small = np.random.default_rng(7), 2.5 * middles[:3, :4]
    _, told = brep_search(lambda z: ((z[:, None] - small[None]) ** 2).sum(-1).argmin(1), small[0].clip(-1.5, 1.5) * .7, 0, 12, 16, few, True)
    return {"turns": told, "queries": 200 * 33, "depth": {k: [float(np.mean(v)), float(np.std(v) / math.sqrt(len(v)))] for k, v in depths.items()}}


# The critic that knows the model.

def ked_mi():
    of_labelled, of_model, of_real, of_drawn = (2 * single(5, 4) for _ in range(4))
    lse = torch.logsumexp

    def slopes(value, *at):
        return [g.tolist() for g in torch.autograd.grad(value, at)]

    inputs = [a.float().double().requires_grad_() for a in (of_labelled, of_real, of_drawn)]
    l, u, f = inputs
    critic = (-(softmax(of_model, 1) * log_softmax(l, 1)).sum() / 5
              + .5 * (softplus(lse(u, 1)).mean() - lse(u, 1).mean() + softplus(lse(f, 1)).mean()))
    features, beside = single(5, 3).requires_grad_(), single(5, 3)
    g = of_drawn.float().double().requires_grad_()
    entropy = -(softmax(g, 1) * log_softmax(g, 1)).sum()
    generator = (features.mean(0) - beside.mean(0)).abs().mean() + 1e-4 * entropy
    h = of_drawn.float().double().requires_grad_()
    prior = softplus(lse(h, 1)).mean() - lse(h, 1).mean()
    return {"model": of_model.tolist(), "labelled": l.tolist(), "real": u.tolist(), "drawn": f.tolist(), "critic": critic.item(),
            "critic_slopes": slopes(critic, l, u, f), "features": features.tolist(), "beside": beside.tolist(), "generator": generator.item(),
            "generator_slopes": slopes(generator, features, g), "prior": prior.item(), "prior_slope": slopes(prior, h)[0]}


# The logit in place of the confidence.

def lomma():
    """For three classes at once, by Adam, in the codes of a generator: the authors' cost is a mean over the classes, which Adam does not see."""
    (wide, shift), *_ = generator = exact(perceptron([4, 6]))
    nets = [exact(perceptron(sizes)) for sizes in ([6, 5, 3], [6, 4, 3], [6, 7, 3])]

    def run(net, x):
        (w, b), (head, bias) = net
        inside = torch.tanh(x @ w + b)
        return inside, inside @ head + bias

    usual = run(nets[0], torch.rand(50, 6))[0]
    middle, spread = usual.mean(0).float().double(), usual.std(0).float().double()

    def search(sd):
        z = torch.zeros(3, 4, requires_grad=True)
        solver = torch.optim.Adam([z], lr=.05)
        for _ in range(20):
            answers = [run(net, torch.sigmoid(z @ wide + shift)) for net in nets]
            logit = sum(-o.diagonal().mean() for _, o in answers) / len(nets)
            cost = 100 * (logit + (((answers[0][0] - middle) / sd) ** 2).mean())
            solver.zero_grad()
            cost.backward()
            solver.step()
        return {"code": z.tolist(), "pull": (((answers[0][0] - middle) / spread) ** 2).mean().item()}

    return {"generator": plain(generator), "nets": [plain(n) for n in nets], "steps": 20, "rate": .05, "mean": [middle.tolist()],
            "sd": [spread.tolist()], "public": search(torch.ones(5)), "ours": search(spread)}


# Codes drawn together.

def cem():
    """Three classes of 40 rows in two clusters each, a batch of 9. Their code looks up a class's shares and variances not by the class but by its
    place among the classes of the batch, in a list with a line for each *row*: all three classes here get those of the first."""
    label = torch.tensor([0, 0, 0, 1, 1, 1, 1, 2, 2])
    centres = torch.tanh(single(6, 3)).float().double()
    own = torch.tensor([0, 1, 1, 2, 3, 3, 2, 5, 4])
    mu = (centres[own] + .3 * single(9, 3)).float().double().requires_grad_()
    distance = torch.cdist(mu, centres)
    own = torch.tensor([2 * c + int(distance[i, 2 * c:2 * c + 2].argmin()) for i, c in enumerate(label.tolist())])   # the nearest of its class
    share, stored = torch.tensor([.4, .6, .25, .75, .9, .1]), (torch.rand(6) / 4).float().double()
    s = .3

    def penalty(class_of):
        total = 0
        for place, c in enumerate((0, 1, 2)):
            for j in (0, 1):
                rows = mu[own == 2 * c + j]
                if not len(rows):
                    continue
                at = 2 * class_of(place, c) + j
                part = len(rows) / (share[at] * 40) * 10
                part = .99 if part >= 1 else part
                v = part * ((rows - centres[2 * c + j]) ** 2).mean() + (1 - part) * stored[at]
                total = total + share[at] * relu(torch.log(v + .01) - math.log(.125 * s ** 2 + .01))
        return total / 3

    def both(class_of):
        value = penalty(class_of)
        return {"penalty": value.item(), "gradient": torch.autograd.grad(value, mu)[0].tolist()}

    one_hot = torch.nn.functional.one_hot
    return {"noise": s, "mu": mu.tolist(), "centres": centres.tolist(), "stored": [stored.tolist()], "size": [(40 * share).tolist()],
            "share": [share.tolist()], "of_class": one_hot(torch.tensor([0, 0, 1, 1, 2, 2]), 3).tolist(), "cluster": one_hot(own, 6).tolist(),
            "public": both(lambda place, c: int(label[place])), "ours": both(lambda place, c: c)}


# Traps.

def trap_mid():
    """Twelve times the same picture of six pixels, each of three classes four times: then it does not matter who draws which class. Eight steps;
    they let the critic go first and the triggers follow it, midlab lets both go at once."""
    (w, b), (head, bias) = exact(perceptron([6, 5, 3]))
    first = [p.clone() for layer in exact(perceptron([6, 5, 1])) for p in layer]
    picture, start, label = torch.rand(1, 6).float().double(), torch.rand(3, 6).float().double(), torch.arange(3).repeat(4)
    blend, weight, steps = .1, .2, 8

    def mixed(trigger):
        return (1 - blend) * picture + blend * trigger[label]

    def model(x):
        return torch.tanh(x @ w + b) @ head + bias

    def run(critic_first):
        critic, trigger = [p.clone().requires_grad_() for p in first], start.clone()
        solver = torch.optim.SGD(critic, lr=.01, momentum=.9, weight_decay=1e-4)

        def says(x):
            return (torch.tanh(x @ critic[0] + critic[1]) @ critic[2] + critic[3])[:, 0]

        def move_trigger():
            k = trigger.clone().requires_grad_()
            cost = binary_cross_entropy_with_logits(says(mixed(k)), torch.ones(12)) + cross_entropy(model(mixed(k)), label)
            return (k.detach() - .01 * torch.autograd.grad(cost, k)[0].sign()).clamp(0, 1)

        for _ in range(steps):
            before = move_trigger()
            told = torch.cat([says(picture.repeat(12, 1)), says(mixed(trigger))])
            loss = binary_cross_entropy_with_logits(told, torch.cat([torch.ones(12), torch.zeros(12)]))
            solver.zero_grad()
            loss.backward()
            solver.step()
            trigger = move_trigger() if critic_first else before
        return {"trigger": trigger.tolist(), "critic": [p.tolist() for p in critic]}

    x = picture.repeat(12, 1)
    y = (label + 1) % 3
    loss = (1 - weight) * cross_entropy(model(x), y) + weight * cross_entropy(model(mixed(start)), label)
    return {"network": plain([(w, b), (head, bias)]), "critic": [p.tolist() for p in first], "picture": picture.tolist(), "trigger": start.tolist(),
            "label": torch.nn.functional.one_hot(label, 3).tolist(), "y": torch.nn.functional.one_hot(y, 3).tolist(), "blend": blend, "weight": weight,
            "steps": steps, "loss": loss.item(), "task": cross_entropy(model(x), y).item(), "public": run(True), "ours": run(False)}


# Bilateral dependency: what is measured against.

def bido():
    """How much of the input a layer holds, by their measure, where inputs are pixels in 0 to 1 as theirs, and where they are standardised as ours:
    64 pictures of smooth noise, and one layer of what a network makes of them at the start of its training."""
    draw = np.random.default_rng(20090524)
    grid = np.stack(np.meshgrid(np.arange(8), np.arange(8)), -1).reshape(-1, 2)
    smooth = np.linalg.cholesky(np.exp(-((grid[:, None] - grid[None]) ** 2).sum(-1) / 8) + 1e-9 * np.eye(64))
    pixels = np.clip(.5 + .2 * draw.standard_normal((64, 64)) @ smooth.T, 0, 1)
    standardised = (pixels - pixels.mean(0)) / pixels.std(0)
    layer = np.maximum(standardised @ draw.uniform(-1 / 8, 1 / 8, (64, 32)), 0)

    def share(a):
        m = len(a)
        h = np.eye(m) - 1 / m
        k = np.exp(-((a[:, None] - a[None]) ** 2).sum(-1) / (2 * 25 * a.shape[1])) @ h
        return k @ np.linalg.inv(k + 1e-5 * m * np.eye(m))

    of_layer = share(layer)
    return {"pixels": float((of_layer * share(pixels).T).sum()), "standardised": float((of_layer * share(standardised).T).sum())}


if __name__ == "__main__":
    out = {"sources": SOURCES, "brep_mi": brep_mi(), "ked_mi": ked_mi(), "lomma": lomma(), "cem": cem(), "trap_mid": trap_mid(), "bido": bido()}
    (HERE / "rivals.json").write_text(json.dumps(out, separators=(",", ":")) + "\n", encoding="utf-8")
