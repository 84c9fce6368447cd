#!/usr/bin/env python3
"""The LSTM of bench/cuda/lstm.cu in PyTorch and JAX: others.py."""
import others

WORK = 'LSTM 64 to 128, 64 steps, training step, 32 samples, Adam'


def pytorch(ways):
    torch = ways.torch

    class Reader(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm = torch.nn.LSTM(64, 128, batch_first=True)
            self.classes = torch.nn.Linear(128, 10)

        def forward(self, x):
            return self.classes(self.lstm(x)[0][:, -1])

    ways.training(WORK, Reader, torch.rand(32, 64, 64, device=ways.device),
                  torch.arange(32, device=ways.device) % 10, torch.nn.functional.cross_entropy)


def jax(ways):
    jnp, nn, lax = ways.jax.numpy, ways.jax.nn, ways.jax.lax

    def cost(values, x, labels):
        (weight, bias), (recurrent, _), classes = values

        def step(state, row):
            h, c = state
            i, f, g, o = jnp.split(row + h @ recurrent, 4, axis=1)
            c = nn.sigmoid(f) * c + nn.sigmoid(i) * jnp.tanh(g)
            return (nn.sigmoid(o) * jnp.tanh(c), c), None

        rows = jnp.swapaxes(x @ weight + bias, 0, 1)
        start = jnp.zeros((x.shape[0], 128), jnp.float32)
        (h, _), _ = lax.scan(step, (start, start), rows)
        return ways.cross_entropy(h @ classes[0] + classes[1], labels)

    ways.training(WORK, [ways.linear(1, 64, 512), ways.linear(3, 128, 512), ways.linear(5, 128, 10)], cost,
                  ways.random(7, (32, 64, 64)), jnp.arange(32) % 10)


if __name__ == '__main__':
    others.main(pytorch, jax)
