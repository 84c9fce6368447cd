#!/usr/bin/env python3
# Loads in PyTorch what typegrad saved, and the other way round: equal names and logits.
# SPDX-License-Identifier: MIT
"""interop.py PROGRAM, which is interop.cpp, compiled. Status 77: something is missing."""
import pathlib
import subprocess
import sys
import tempfile

try:
    import torch
    from safetensors.torch import load_file, load_model, save_model
    from torch import nn

    from generate import labels, numbers
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

SAMPLES = 9


def make_chain():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, groups=2, bias=False), nn.Flatten(), nn.Linear(24, 16), nn.LayerNorm(16),
        nn.GELU(), nn.Dropout(), nn.Linear(16, 10))


class Named(nn.Module):
    """A tg::Graph is a module with attributes of its nodes' names."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.branch = nn.Sequential(nn.ReLU(), nn.Conv2d(16, 16, 3, padding=1))
        self.logits = nn.Sequential(nn.ReLU(), Mean(), nn.Linear(16, 10))

    def forward(self, image):
        stem = self.stem(image)
        return self.logits(stem + self.branch(stem))


class Mean(nn.Module):
    def forward(self, x):
        return x.mean((2, 3))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.downsample = nn.Sequential(nn.Conv2d(2, 4, 1, bias=False))

    def forward(self, x):
        return torch.relu(torch.relu(self.bn1(self.conv1(x))) + self.downsample(x))


class Residual(nn.Module):
    def __init__(self, body, shortcut=()):
        super().__init__()
        self.body = nn.Sequential(*body)
        if shortcut:
            self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x):
        return self.body(x) + (self.shortcut(x) if hasattr(self, "shortcut") else x)


class Parallel(nn.ModuleList):
    def forward(self, x):
        return sum(branch(x) for branch in self)


def make_composed():
    network = nn.Sequential(
        Block(), Residual([nn.Conv2d(4, 4, 3, padding=1), nn.ReLU()]),
        Residual([nn.Conv2d(4, 2, 3, padding=1)], [nn.Conv2d(4, 2, 1)]),
        Parallel([nn.Conv2d(2, 2, 1), nn.Sequential(nn.ReLU(), nn.Conv2d(2, 2, 1))]),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 32, bias=False),
        nn.Linear(32, 10))
    network[8].weight = network[6].weight
    return network


NETWORKS = {
    "chain": (make_chain, (2, 8, 8), torch.float32), "named": (Named, (3, 32, 32), torch.float32),
    "composed": (make_composed, (2, 8, 8), torch.float32), "chain_bf16": (make_chain, (2, 8, 8), torch.bfloat16),
    "chain_f16": (make_chain, (2, 8, 8), torch.float16)}
# PyTorch computes from the same weights in float; typegrad rounds what it stores in between.
MOST_DIFFERENCE = {torch.float32: 1e-5, torch.bfloat16: 2e-2, torch.float16: 2e-3}


def call(*words):
    return subprocess.run([sys.argv[1], *map(str, words)], check=True, capture_output=True, text=True).stdout


def check(what, name, path, network, x):
    network.float()
    with torch.no_grad():
        ours = torch.tensor([float(word) for word in call(name, "logits", path).split()]).reshape(SAMPLES, 10)
        theirs = network.eval()(x)
    difference = ((ours - theirs).abs().max() / theirs.abs().max()).item()
    print(f"{name}, {what}: relative difference of the logits {difference:.2e}")
    return difference < MOST_DIFFERENCE[NETWORKS[name][2]]


def names(network):
    """Those of state_dict, without the second ones of what is shared."""
    seen, result = set(), []
    for name, tensor in network.state_dict(keep_vars=True).items():
        if id(tensor) not in seen:
            result.append(name)
        seen.add(id(tensor))
    return result


def exchange(name, folder):
    make_network, shape, dtype = NETWORKS[name]
    x = numbers(SAMPLES * torch.Size(shape).numel(), 0).float().reshape(SAMPLES, *shape)
    path = folder / f"{name}_typegrad.safetensors"
    call(name, "save", path)
    network = make_network()
    saved = load_file(path)
    equal = sorted(saved) == sorted(names(network))
    if not equal:
        print(f"{name}: saved {sorted(saved)}, PyTorch has {sorted(names(network))}")
        return False
    for key, parameter in network.named_parameters():
        if saved[key].dtype != dtype:
            print(f"{name}: {key} is {saved[key].dtype}, expected {dtype}")
            return False
    load_model(network, path)
    equal = check("saved by typegrad", name, path, network, x)
    for key, counter in network.state_dict().items():
        if key.endswith("num_batches_tracked"):
            print(f"batches that {key.rpartition('.')[0]} has seen: {counter.item()}")
            equal = equal and counter.item() == 3

    torch.manual_seed(1)
    network = make_network().train()
    solver = torch.optim.SGD(network.parameters(), lr=0.1)
    for _ in range(5):
        solver.zero_grad()
        nn.functional.cross_entropy(network(x), labels(SAMPLES, 10, 1)).backward()
        solver.step()
    path = folder / f"{name}_torch.safetensors"
    for parameter in network.parameters():  # the statistics stay float
        parameter.data = parameter.data.to(dtype)
    save_model(network, path)
    return check("saved by PyTorch", name, path, network, x) and equal


def main():
    with tempfile.TemporaryDirectory() as folder:
        equal = [exchange(name, pathlib.Path(folder)) for name in NETWORKS]
    sys.exit(0 if all(equal) else 1)


main()
