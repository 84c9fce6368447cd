#!/usr/bin/env python3
"""The chain of bench/cuda/elementwise.cu in PyTorch and JAX: others.py."""
import others

WORK = '12 element-wise operations, 2^26 floats'


def pytorch(ways):
    torch = ways.torch
    x = torch.rand(1 << (10 if ways.others.check else 26), device=ways.device) * 2 - 1

    def chain():
        y = torch.maximum(x * 1.5 + 0.25, torch.zeros((), device=x.device))
        y = torch.clamp(torch.abs(y - x) * 0.5, max=4)
        return torch.square(torch.clamp(y + x, min=-2)) * 0.125 - x

    ways.function(WORK, chain)


def jax(ways):
    jnp = ways.jax.numpy

    def chain(x):
        y = jnp.maximum(x * 1.5 + 0.25, 0)
        y = jnp.minimum(jnp.abs(y - x) * 0.5, 4)
        return jnp.square(jnp.maximum(y + x, -2)) * 0.125 - x

    ways.function(WORK, chain, ways.random(1, (1 << (10 if ways.others.check else 26),)))


if __name__ == '__main__':
    others.main(pytorch, jax)
