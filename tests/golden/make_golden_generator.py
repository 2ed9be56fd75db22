#!/usr/bin/python3
"""Writes generator.json: two critic steps and one generator step of a Wasserstein GAN with gradient penalty, by PyTorch in
double precision (its own double backward, its own Adam with betas .5 and .9).

Needs Debian's python3-torch. Nothing here knows midlab: the losses are method.md's.
"""
import json
import pathlib

import torch

torch.manual_seed(20090524)
torch.set_default_dtype(torch.float64)
BATCH, PIXELS, CODE = 5, 6, 3


def single(*shape):
    """Numbers that a float holds exactly, so that both precisions start from the same."""
    return torch.randn(*shape).float().double()


def perceptron(sizes):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers.append((single(inputs, outputs).mul_(.7).float().double().requires_grad_(), single(1, outputs).requires_grad_()))
    return layers


def run(layers, x, slope, sigmoid=False):
    for i, (w, b) in enumerate(layers):
        x = (torch.nn.functional.leaky_relu(x, slope) if i else x) @ w + b
    return torch.sigmoid(x) if sigmoid else x


def flat(layers):
    return [p for layer in layers for p in layer]


def plain(layers):
    return [p.detach().tolist() for p in flat(layers)]


critic, generator = perceptron([PIXELS, 5, 4, 1]), perceptron([CODE, 4, PIXELS])
real, code, t = torch.rand(BATCH, PIXELS).float().double(), single(BATCH, CODE), torch.rand(BATCH, 1).float().double()
out = {"penalty": 10, "rate": .01, "betas": [.5, .9], "real": real.tolist(), "code": code.tolist(), "t": t.tolist(),
       "critic": plain(critic), "generator": plain(generator), "steps": []}
step = torch.optim.Adam(flat(critic), lr=.01, betas=(.5, .9))
for _ in range(2):
    fake = run(generator, code, 0, True).detach()
    between = (t * real + (1 - t) * fake).requires_grad_()
    slope, = torch.autograd.grad(run(critic, between, .2).sum(), between, create_graph=True)
    penalty = 10 * ((slope.norm(dim=1) - 1) ** 2).mean()
    loss = run(critic, fake, .2).mean() - run(critic, real, .2).mean() + penalty
    step.zero_grad()
    loss.backward()
    step.step()
    out["steps"].append({"loss": loss.item(), "critic": plain(critic)})
paint = torch.optim.Adam(flat(generator), lr=.01, betas=(.5, .9))
loss = -run(critic, run(generator, code, 0, True), .2).mean()
loss.backward()
paint.step()
out["generator_step"] = {"loss": loss.item(), "generator": plain(generator)}

(pathlib.Path(__file__).parent / "generator.json").write_text(json.dumps(out, separators=(",", ":")) + "\n", encoding="utf-8")
