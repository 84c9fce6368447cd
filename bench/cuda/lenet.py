#!/usr/bin/env python3
"""LeNet of bench/cuda/lenet.cu in PyTorch and JAX: others.py."""
import others

TRAINING, INFERENCE = 'LeNet training step, 64 samples, Adam', [(64, 'LeNet inference, 64 samples'),
                                                                (1, 'LeNet inference, 1 sample')]


def pytorch(ways):
    torch = ways.torch
    nn = torch.nn

    def network():
        return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(),
                             nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84),
                             nn.ReLU(), nn.Linear(84, 10))

    x = torch.rand(64, 1, 28, 28, device=ways.device)
    labels = torch.arange(64, device=ways.device) % 10
    ways.training(TRAINING, network, x, labels, nn.functional.cross_entropy)
    for samples, work in INFERENCE:
        ways.inference(work, network, x[:samples].clone())


def jax(ways):
    jnp, lax, nn = ways.jax.numpy, ways.jax.lax, ways.jax.nn

    def filters(seed, outputs, inputs):
        bound = 1 / (5 * inputs ** 0.5)
        return ways.random(seed, (outputs, inputs, 5, 5), bound), ways.random(seed + 1, (outputs, 1, 1), bound)

    parameters = {'convolutions': [filters(1, 6, 1), filters(3, 16, 6)],
                  'linear': [ways.linear(5, 400, 120), ways.linear(7, 120, 84), ways.linear(9, 84, 10)]}

    def forward(values, x):
        for padding, (weight, bias) in zip((2, 0), values['convolutions']):
            x = lax.conv_general_dilated(x, weight, (1, 1), [(padding, padding)] * 2)
            x = nn.relu(x + bias)
            x = lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), 'VALID')
        x = x.reshape(x.shape[0], -1)
        for index, (weight, bias) in enumerate(values['linear']):
            x = x @ weight + bias
            x = x if index == 2 else nn.relu(x)
        return x

    x = ways.random(11, (64, 1, 28, 28))
    labels = jnp.arange(64) % 10
    ways.training(TRAINING, parameters, lambda values, x, y: ways.cross_entropy(forward(values, x), y), x, labels)
    for samples, work in INFERENCE:
        ways.function(work, forward, parameters, x[:samples])


if __name__ == '__main__':
    others.main(pytorch, jax)
