#!/usr/bin/env python3
# Loads in torch.nn.Sequential what typegrad saved, and the other way round: equal logits.
# SPDX-License-Identifier: MIT
"""interop.py PROGRAM, which is interop.cpp, compiled. Status 77: something is missing."""
import pathlib
import subprocess
import sys
import tempfile

try:
    import torch
    from safetensors.torch import load_file, save_file
    from torch import nn

    from generate import labels, numbers
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

SAMPLES = 9


def make_network():
    return nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, groups=2, bias=False), nn.Flatten(), nn.Linear(24, 16), nn.LayerNorm(16),
        nn.GELU(), nn.Dropout(), nn.Linear(16, 10))


def call(*words):
    return subprocess.run([sys.argv[1], *map(str, words)], check=True, capture_output=True, text=True).stdout


def check(what, path, network, x):
    with torch.no_grad():
        ours = torch.tensor([float(word) for word in call("logits", path).split()]).reshape(SAMPLES, 10)
        theirs = network.eval()(x)
    difference = ((ours - theirs).abs().max() / theirs.abs().max()).item()
    print(f"{what}: relative difference of the logits {difference:.2e}")
    return difference < 1e-5


def main():
    x = numbers(SAMPLES * 128, 0).float().reshape(SAMPLES, 2, 8, 8)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "typegrad.safetensors"
        call("save", path)
        network = make_network()
        network.load_state_dict(load_file(path))
        equal = check("saved by typegrad", path, network, x)
        steps = network[1].num_batches_tracked.item()
        print(f"batches that BatchNorm has seen: {steps}")
        equal = equal and steps == 3

        torch.manual_seed(1)
        network = make_network().train()
        solver = torch.optim.SGD(network.parameters(), lr=0.1)
        for _ in range(5):
            solver.zero_grad()
            nn.functional.cross_entropy(network(x), labels(SAMPLES, 10, 1)).backward()
            solver.step()
        path = pathlib.Path(folder) / "torch.safetensors"
        save_file(network.state_dict(), path)
        equal = check("saved by PyTorch", path, network, x) and equal
    sys.exit(0 if equal else 1)


main()
