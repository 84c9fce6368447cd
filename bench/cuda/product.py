#!/usr/bin/env python3
"""The products of bench/cuda/product.cu in PyTorch and JAX: others.py."""
import others

SIZE = 4096


def work(how):
    return f'4096 x 4096 times 4096 samples, {how}'


def size(ways):
    return 64 if ways.others.check else SIZE


def pytorch(ways):
    torch = ways.torch
    for how in ('f32', 'tf32', 'bf16'):
        torch.backends.cuda.matmul.allow_tf32 = how == 'tf32'
        dtype = torch.bfloat16 if how == 'bf16' else torch.float32
        a, b = (torch.rand(size(ways), size(ways), device=ways.device, dtype=dtype) * 2 - 1 for _ in range(2))
        ways.function(work(how), lambda a=a, b=b: a @ b)


def jax(ways):
    jnp = ways.jax.numpy
    for how, precision in (('f32', 'highest'), ('tf32', 'tensorfloat32'), ('bf16', 'default')):
        a, b = (ways.random(seed, (size(ways), size(ways))).astype(jnp.bfloat16 if how == 'bf16' else jnp.float32)
                for seed in (1, 2))
        ways.function(work(how), lambda a, b, precision=precision: jnp.dot(a, b, precision=precision), a, b)


if __name__ == '__main__':
    others.main(pytorch, jax)
