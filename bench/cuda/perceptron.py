#!/usr/bin/env python3
"""The perceptron of bench/cuda/perceptron.cu in PyTorch and JAX: others.py."""
import others

WORK = 'MLP 784-512-512-10 training step, 128 samples, Adam'


def pytorch(ways):
    torch = ways.torch
    nn = torch.nn

    def network():
        return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))

    ways.training(WORK, network, torch.rand(128, 784, device=ways.device),
                  torch.arange(128, device=ways.device) % 10, nn.functional.cross_entropy)


def jax(ways):
    jnp = ways.jax.numpy

    def cost(values, x, labels):
        for index, (weight, bias) in enumerate(values):
            x = x @ weight + bias
            x = x if index == 2 else ways.jax.nn.relu(x)
        return ways.cross_entropy(x, labels)

    ways.training(WORK, [ways.linear(1, 784, 512), ways.linear(3, 512, 512), ways.linear(5, 512, 10)], cost,
                  ways.random(7, (128, 784)), jnp.arange(128) % 10)


if __name__ == '__main__':
    others.main(pytorch, jax)
