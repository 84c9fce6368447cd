#!/usr/bin/env python3
"""The network of bench/cuda/mlp.cu in PyTorch and JAX: others.py."""
import others

WIDTH, HIDDEN_LAYERS, RATE = 64, 4, 1e-3
PRECISIONS = ['f32', 'tf32', 'bf16']


def work(what, precision):
    return f'MLP 64 wide, 4 hidden layers, {what} of 2^18 samples, {precision}'


def samples(ways):
    return 1 << (8 if ways.others.check else 18)


def pytorch(ways):
    torch = ways.torch
    nn = torch.nn
    for precision in PRECISIONS:
        torch.backends.cuda.matmul.allow_tf32 = precision == 'tf32'
        dtype = torch.bfloat16 if precision == 'bf16' else torch.float32
        x, target = (torch.rand(samples(ways), WIDTH, device=ways.device, dtype=dtype) * 2 - 1 for _ in range(2))

        def network(dtype=dtype):
            layers = []
            for _ in range(HIDDEN_LAYERS):
                layers += [nn.Linear(WIDTH, WIDTH), nn.ReLU()]
            return nn.Sequential(*layers, nn.Linear(WIDTH, WIDTH)).to(dtype)

        ways.inference(work('inference', precision), network, x)
        ways.training(work('training step', precision), network, x, target, nn.functional.mse_loss,
                      lambda parameters, fused: torch.optim.SGD(parameters, lr=RATE, fused=fused))


def jax(ways):
    jnp = ways.jax.numpy
    for precision in PRECISIONS:
        dtype = jnp.bfloat16 if precision == 'bf16' else jnp.float32
        multiply = {'f32': 'highest', 'tf32': 'tensorfloat32', 'bf16': 'default'}[precision]
        x, target = (ways.random(seed, (samples(ways), WIDTH)).astype(dtype) for seed in (1, 2))
        start = [tuple(part.astype(dtype) for part in ways.linear(seed, WIDTH, WIDTH))
                 for seed in range(3, 3 + 2 * (HIDDEN_LAYERS + 1), 2)]

        def forward(parameters, h, multiply=multiply):
            for index, (weight, bias) in enumerate(parameters):
                h = jnp.dot(h, weight, precision=multiply) + bias
                h = h if index == HIDDEN_LAYERS else ways.jax.nn.relu(h)
            return h

        def step(parameters, h, t, forward=forward, dtype=dtype):
            gradients = ways.jax.grad(lambda p: jnp.mean((forward(p, h) - t) ** 2))(parameters)
            return ways.jax.tree.map(lambda p, g: p - jnp.asarray(RATE, dtype) * g, parameters, gradients)

        ways.function(work('inference', precision), forward, start, x)
        ways.function(work('training step', precision), step, start, x, target)


if __name__ == '__main__':
    others.main(pytorch, jax)
