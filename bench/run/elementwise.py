#!/usr/bin/env python3
"""The functions of bench/run/elementwise.cpp in PyTorch: as one writes them, and through torch.compile.

elementwise.py [threads]: one thread unless the command line says how many. The best of many rounds each.
"""
import importlib.util
import logging
import sys
import time

COUNT, ROUNDS = 1 << 24, 30


def best_ms(function, x):
    best = float('inf')
    for _ in range(ROUNDS):
        start = time.perf_counter()
        function(x)
        best = min(best, time.perf_counter() - start)
    return 1e3 * best


def main():
    if importlib.util.find_spec('torch') is None:
        print('PyTorch: skipped, no Python package torch found')
        return
    import torch
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    torch.set_num_threads(numbers[0] if numbers else 1)
    logging.disable(logging.WARNING)

    def cheap(x, a=1.3, b=0.2, c=0.7, d=0.1):
        return a * x + b * torch.abs(x) - c * torch.clamp(x, min=d)

    def costly(x, a=1.3, b=0.2, c=0.7):
        return torch.tanh(a * x + b) * c + x / (1 + torch.exp(-x))

    x = torch.empty(COUNT).uniform_(-4, 4)
    rows = [('a x + b |x| - c max(x, d)', cheap), ('c tanh(a x + b) + x / (1 + exp(-x))', costly)]
    print(f'PyTorch {torch.__version__}, {torch.get_num_threads()} threads')
    with torch.inference_mode():
        for name, function in rows:
            print(f'{name:<40} eager {best_ms(function, x):8.2f} ms', end='', flush=True)
            try:
                compiled = torch.compile(function)
                compiled(x)
            except Exception as error:  # no compiler that torch finds, an unknown machine
                print(f'   compiled: skipped, {type(error).__name__}')
                continue
            print(f'   compiled {best_ms(compiled, x):8.2f} ms', flush=True)


if __name__ == '__main__':
    main()
