#!/usr/bin/env python3
"""The product of bench/cuda/product.cu in PyTorch and JAX: others.py."""
import others

WORK, SIZE = 'product of 4096 x 4096, f32', 4096


def pytorch(ways):
    torch = ways.torch
    torch.backends.cuda.matmul.allow_tf32 = False
    n = 64 if ways.others.check else SIZE
    a, b = (torch.rand(n, n, device=ways.device) * 2 - 1 for _ in range(2))
    ways.function(WORK, lambda: a @ b)


def jax(ways):
    n = 64 if ways.others.check else SIZE
    ways.function(WORK, lambda a, b: a @ b, ways.random(1, (n, n)), ways.random(2, (n, n)))


if __name__ == '__main__':
    others.main(pytorch, jax)
