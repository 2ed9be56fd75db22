#!/usr/bin/env python3
"""The steps of `mid bench` in PyTorch on a CUDA GPU: the same layers, losses and sizes, single precision without TF32, Adam in its
fused form, eager mode, the loss read after every step. Needs a PyTorch with CUDA; docs/gpu.md has what came out.

    python3 tests/bench/gpu_torch.py OUT.json
"""
import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional

torch.backends.cuda.matmul.allow_tf32 = False
DEVICE, WARM, LONG = "cuda", .5, 3


def timed(step, most=60):
    """Median seconds; a GPU that was idle runs at a fraction of its clock for the first tenths of a second."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < WARM:
        step().detach().item()
    times, begin = [], time.perf_counter()
    while len(times) < most and (len(times) < 5 or time.perf_counter() - begin < LONG):
        start = time.perf_counter()
        step().detach().item()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def layers(sizes, between):
    parts = []
    for i, (a, b) in enumerate(zip(sizes, sizes[1:])):
        parts += [nn.Linear(a, b)] + ([between()] if i + 2 < len(sizes) else [])
    return nn.Sequential(*parts).to(DEVICE)


def follow(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss


def classifier(hidden, batch):
    inside, head = layers([784, hidden, hidden, 128], nn.ReLU), layers([64, 10], nn.ReLU)
    optimizer = torch.optim.Adam([*inside.parameters(), *head.parameters()], lr=1e-6, fused=True)
    x, y = torch.randn(batch, 784, device=DEVICE), torch.arange(batch, device=DEVICE) % 10

    def step():
        e = inside(x[torch.randperm(batch, device=DEVICE)])
        z = e[:, :64] + functional.softplus(e[:, 64:]) * torch.randn(batch, 64, device=DEVICE)
        return follow(optimizer, functional.cross_entropy(head(z), y))
    return step


def decoder(batch):
    net = layers([40, 512, 1024, 4096], lambda: nn.LeakyReLU(.2))
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-6, fused=True)
    answers, pictures = torch.randn(batch, 40, device=DEVICE), torch.randn(batch, 4096, device=DEVICE)

    def step():
        rows = torch.randperm(batch, device=DEVICE)
        return follow(optimizer, ((torch.sigmoid(net(answers[rows])) - pictures[rows]) ** 2).sum(1).mean())
    return step


def search(rows):
    generator, target = layers([64, 512, 1024, 4096], nn.ReLU), layers([4096, 512, 40], nn.ReLU)
    for p in [*generator.parameters(), *target.parameters()]:
        p.requires_grad_(False)
    code, y = torch.randn(rows, 64, device=DEVICE, requires_grad=True), torch.arange(rows, device=DEVICE) % 40
    optimizer = torch.optim.Adam([code], lr=1e-6, fused=True)
    return lambda: follow(optimizer, functional.cross_entropy(target(torch.sigmoid(generator(code))), y, reduction="sum"))


rows = {}
for hidden, batch in [(32, 20), (128, 20), (256, 128), (512, 256), (1024, 512), (2048, 1024), (4096, 4096)]:
    rows[f"training 784-{hidden}-{hidden}-2x64-10, batch {batch}"] = timed(classifier(hidden, batch))
for batch in (64, 512, 4096):
    rows[f"inversion network 40-512-1024-4096, batch {batch}"] = timed(decoder(batch))
for codes in (10, 40, 1024):
    rows[f"GMI 64-512-1024-4096-512-40, {codes} codes"] = timed(search(codes))
with open(sys.argv[1], "w", encoding="utf-8") as out:
    json.dump({"torch": torch.__version__, "gpu": torch.cuda.get_device_name(), "rows": rows}, out, indent=1)
