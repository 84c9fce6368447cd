#!/usr/bin/env python3
"""The functions of bench/run/elementwise.cpp in PyTorch: as one writes them, and through torch.compile.

elementwise.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
from pytorch import find_torch, show

COUNT = 1 << 24


def main():
    torch = find_torch()
    if torch is None:
        return

    def cheap(x, a=1.3, b=0.2, c=0.7, d=0.1):
        return a * x + b * torch.abs(x) - c * torch.clamp(x, min=d)

    def costly(x, a=1.3, b=0.2, c=0.7):
        return torch.tanh(a * x + b) * c + x / (1 + torch.exp(-x))

    def compiled(function):
        ready = torch.compile(function)
        return lambda: ready(x)

    x = torch.empty(COUNT).uniform_(-4, 4)
    rows = [('a x + b |x| - c max(x, d)', cheap), ('c tanh(a x + b) + x / (1 + exp(-x))', costly)]
    with torch.inference_mode():
        for name, function in rows:
            show(name, eager=lambda: lambda: function(x), compiled=lambda: compiled(function))


if __name__ == '__main__':
    main()
