#!/usr/bin/python3
"""Times in PyTorch the steps of network.cpp: one thread, processor time, least of the rounds. OPENBLAS_CORETYPE names the kernel set
of Debian's OpenBLAS where its own guess is not the best (Haswell, SkylakeX, ...)."""
import sys
import time

try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError as e:
    sys.exit(f"PyTorch is not installed here ({e}); Debian's package is python3-torch")

torch.set_num_threads(1)
torch.manual_seed(1)


def least(step, steps, rounds=9):
    best = 1e9
    for _ in range(rounds):
        begin = time.process_time()
        for _ in range(steps):
            step()
        best = min(best, 1e3 * (time.process_time() - begin) / steps)
    return best


def adam(parameters):
    return torch.optim.Adam(parameters, lr=1e-3)


def plain(sizes, rows):
    layers = [layer for a, b in zip(sizes, sizes[1:]) for layer in (nn.Linear(a, b), nn.ReLU())][:-1]
    net = nn.Sequential(*layers)
    optimizer = adam(net.parameters())
    x, y = torch.randn(rows, sizes[0]), torch.randn(rows, sizes[-1])

    def step():
        optimizer.zero_grad(set_to_none=True)
        (-(y * F.log_softmax(net(x), 1)).sum(1).mean()).backward()
        optimizer.step()
    return step


def bottleneck(inputs, hidden, k, classes, rows):
    first, code, head = nn.Linear(inputs, hidden), nn.Linear(hidden, 2 * k), nn.Linear(k, classes)
    optimizer = adam([*first.parameters(), *code.parameters(), *head.parameters()])
    x, y = torch.randn(rows, inputs), torch.randn(rows, classes)
    eps = torch.randn(rows, k)

    def step():
        optimizer.zero_grad(set_to_none=True)
        mu, raw = code(F.relu(first(x))).split(k, 1)
        sigma = F.softplus(raw - 5)
        logits = head(mu + sigma * eps)
        kl = (.5 * (mu * mu + sigma * sigma - 1) - torch.log(sigma)).sum(1).mean()
        loss = -(y * F.log_softmax(logits, 1)).sum(1).mean() + .01 * kl
        loss.backward()
        optimizer.step()
    return step


def convolutions(rows, k):
    """A network like LeNet; k > 0: with a stochastic bottleneck of k units. Convolution, pool, activation, as midlab has them."""
    front = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(8, 16, 5), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(),
                          nn.Linear(400, 128), nn.ReLU())
    code, head = nn.Linear(128, 2 * k) if k else None, nn.Linear(k or 128, 10)
    optimizer = adam([*front.parameters(), *(code.parameters() if k else []), *head.parameters()])
    x, y, eps = torch.randn(rows, 1, 28, 28), torch.randn(rows, 10), torch.randn(rows, k or 1)

    def step():
        optimizer.zero_grad(set_to_none=True)
        h, price = front(x), 0
        if k:
            mu, raw = code(h).split(k, 1)
            sigma = F.softplus(raw - 5)
            h = mu + sigma * eps
            price = .01 * (.5 * (mu * mu + sigma * sigma - 1) - torch.log(sigma)).sum(1).mean()
        loss = -(y * F.log_softmax(head(h), 1)).sum(1).mean() + price
        loss.backward()
        optimizer.step()
    return step


def decoder(rows):
    net = nn.Sequential(nn.Linear(10, 512), nn.ReLU(), nn.Linear(512, 1024), nn.ReLU(), nn.Linear(1024, 784), nn.Sigmoid())
    optimizer = adam(net.parameters())
    x, y = torch.randn(rows, 10), torch.rand(rows, 784)

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.mse_loss(net(x), y).backward()
        optimizer.step()
    return step


def pictures():
    net = nn.Sequential(nn.Linear(1024, 128), nn.ReLU(), nn.Linear(128, 40))
    for p in net.parameters():
        p.requires_grad_(False)
    x = torch.zeros(40, 1024, requires_grad=True)
    optimizer, target = adam([x]), torch.arange(40)

    def step():
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(net(x), target, reduction="sum").backward()
        optimizer.step()
    return step


SIGMA, CLIP = 1.1, 1.


def follow(parameters, clipped, rows, optimizer):
    """The clipped sums with noise as the gradient of a step."""
    for w, g in zip(parameters, clipped):
        w.grad = (g + torch.randn_like(w) * (SIGMA * CLIP)) / rows
    optimizer.step()


def private_by_norms(rows):
    """DP-SGD without a gradient for each record: a dense layer's is input x delta, so its squared norm is (|input|^2 + 1) |delta|^2."""
    first, head = nn.Linear(784, 256), nn.Linear(256, 10)
    parameters = [*first.parameters(), *head.parameters()]
    optimizer = adam(parameters)
    x, y = torch.randn(rows, 784), torch.randn(rows, 10)

    def step():
        a = first(x)
        h = F.relu(a)
        logits = head(h)
        with torch.no_grad():
            delta_logits = torch.softmax(logits, 1) * y.sum(1, keepdim=True) - y
            delta_a = (delta_logits @ head.weight) * (a > 0)
            square = ((x * x).sum(1) + 1) * (delta_a * delta_a).sum(1) + ((h * h).sum(1) + 1) * (delta_logits * delta_logits).sum(1)
            weight = (CLIP / square.sqrt().clamp(min=CLIP)).unsqueeze(1)
            delta_a, delta_logits = delta_a * weight, delta_logits * weight
            follow(parameters, [delta_a.t() @ x, delta_a.sum(0), delta_logits.t() @ h, delta_logits.sum(0)], rows, optimizer)
    return step


def private_by_vmap(rows):
    """DP-SGD with the gradient of each record, by functorch."""
    from functorch import grad, make_functional, vmap
    net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10))
    model, parameters = make_functional(net)
    optimizer = adam(parameters)
    x, y = torch.randn(rows, 784), torch.randn(rows, 10)
    of_each = vmap(grad(lambda p, a, b: -(b * F.log_softmax(model(p, a.unsqueeze(0)), 1)).sum()), (None, 0, 0))

    def step():
        gradients = of_each(parameters, x, y)
        with torch.no_grad():
            square = sum(g.flatten(1).square().sum(1) for g in gradients)
            weight = CLIP / square.sqrt().clamp(min=CLIP)
            follow(parameters, [torch.einsum("r...,r->...", g, weight) for g in gradients], rows, optimizer)
    return step


print(f"PyTorch {torch.__version__}")
for name, step, steps in (("784-256-128-10, batch 32", plain((784, 256, 128, 10), 32), 100),
                          ("784-256-128-10, batch 128", plain((784, 256, 128, 10), 128), 50),
                          ("784-256-128-10, batch 512", plain((784, 256, 128, 10), 512), 10),
                          ("64-32-10, batch 50", plain((64, 32, 10), 50), 500),
                          ("2-16-2, batch 50", plain((2, 16, 2), 50), 500),
                          ("bottleneck 784-256-2x64-10, batch 128", bottleneck(784, 256, 64, 10, 128), 50),
                          ("bottleneck 32-32-2x8-3, batch 50", bottleneck(32, 32, 8, 3, 50), 500),
                          ("DP-SGD 784-256-10, batch 256", private_by_norms(256), 20),
                          ("the same by functorch's vmap(grad)", private_by_vmap(256), 1),
                          ("decoder 10-512-1024-784, batch 64", decoder(64), 20),
                          ("MI-Face 1024-128-40, 40 pictures", pictures(), 100),
                          ("convolutions 8-16, 128-10, batch 50", convolutions(50, 0), 10),
                          ("convolutions 8-16, 128-10, batch 128", convolutions(128, 0), 4),
                          ("convolutions 8-16, 128-2x16-10, batch 50", convolutions(50, 16), 10),
                          ("convolutions 8-16, 128-2x16-10, batch 128", convolutions(128, 16), 4)):
    print(f"  {name:42} {least(step, steps, 9 if steps > 1 else 2):8.3f} ms")
