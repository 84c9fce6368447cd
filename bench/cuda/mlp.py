#!/usr/bin/env python3
"""The network of bench/cuda/mlp.cu in PyTorch (eager, torch.compile, CUDA graphs) and JAX, where they are installed.

mlp.py < lines `mlp,precision,inference|training,microseconds`, which run.sh takes from the program: then each row
ends with how many times longer the other took. Times are medians on the device's clock.
"""
import importlib.util
import logging
import statistics
import sys
import time

WIDTH, HIDDEN_LAYERS, SAMPLES, RATE = 64, 4, 1 << 18, 1e-3
PRECISIONS = ['f32', 'tf32', 'bf16']


def report(ours, who, precision, what, microseconds):
    ratio = ''
    if (precision, what) in ours:
        ratio = f'   {microseconds / ours[precision, what]:6.2f} times typegrad'
    print(f'  {who:<34} {what:<9} {microseconds:9.1f} us{ratio}', flush=True)


def try_each(ours, precision, rows):
    """rows: name, kind of work, a function that makes what is called in each round, and one that times it."""
    for who, what, make, clock in rows:
        try:
            report(ours, who, precision, what, clock(make()))
        except Exception as error:  # pylint: disable=broad-except  # one that fails is a row, not the end
            print(f'  {who:<34} {what:<9} failed: {type(error).__name__}: {str(error).splitlines()[:1]}', flush=True)


def pytorch(ours):
    import torch

    if not torch.cuda.is_available():
        print('PyTorch: skipped, it finds no device')
        return
    print(f'PyTorch {torch.__version__}, {torch.cuda.get_device_name()}')

    def clock(run, rounds=50):
        for _ in range(10):
            run()
        times = []
        for _ in range(rounds):
            start, stop = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            run()
            stop.record()
            stop.synchronize()
            times.append(1e3 * start.elapsed_time(stop))
        return statistics.median(times)

    for precision in PRECISIONS:
        print(precision)
        torch.backends.cuda.matmul.allow_tf32 = precision == 'tf32'
        dtype = torch.bfloat16 if precision == 'bf16' else torch.float32
        torch.manual_seed(1)
        x, target = (torch.rand(SAMPLES, WIDTH, device='cuda', dtype=dtype) * 2 - 1 for _ in range(2))

        def network():
            layers = []
            for _ in range(HIDDEN_LAYERS):
                layers += [torch.nn.Linear(WIDTH, WIDTH), torch.nn.ReLU()]
            return torch.nn.Sequential(*layers, torch.nn.Linear(WIDTH, WIDTH)).to('cuda', dtype)

        def training(wrap=lambda function: function, **options):
            net = network()
            solver = torch.optim.SGD(net.parameters(), lr=RATE, **options)
            forward = wrap(lambda: torch.nn.functional.mse_loss(net(x), target))

            def step():
                solver.zero_grad(set_to_none=False)
                forward().backward()
                solver.step()

            return step

        def inference(wrap=lambda function: function):
            net = network()
            forward = wrap(lambda: net(x))

            def run():
                with torch.inference_mode():
                    forward()

            return run

        def graph_of(run):
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                for _ in range(3):
                    run()
            torch.cuda.current_stream().wait_stream(stream)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                run()
            return graph.replay

        def compiled(function):
            return torch.compile(function, mode='max-autotune')

        def compiled_without_graphs(function):
            return torch.compile(function, mode='max-autotune-no-cudagraphs')

        try_each(ours, precision, [
            ('eager', 'inference', inference, clock),
            ('torch.compile, max-autotune', 'inference', lambda: inference(compiled), clock),
            ('CUDA graph', 'inference', lambda: graph_of(inference()), clock),
            ('compiled, in one CUDA graph', 'inference', lambda: graph_of(inference(compiled_without_graphs)), clock),
            ('eager', 'training', training, clock),
            ('torch.compile, max-autotune', 'training', lambda: training(compiled), clock),
            ('CUDA graph, fused solver', 'training', lambda: graph_of(training(fused=True)), clock),
            ('compiled, in one CUDA graph', 'training',
             lambda: graph_of(training(compiled_without_graphs, fused=True)), clock),
        ])


def jax_rows(ours):
    import jax
    import jax.numpy as jnp

    if jax.default_backend() != 'gpu':
        print('JAX: skipped, it finds no device')
        return
    print(f'JAX {jax.__version__}')

    def clock(run, rounds=50):
        for _ in range(10):
            jax.block_until_ready(run())
        times = []
        for _ in range(rounds):  # 10 calls each: the host's part of one does not count
            start = time.perf_counter()
            for _ in range(10):
                result = run()
            jax.block_until_ready(result)
            times.append(1e5 * (time.perf_counter() - start))
        return statistics.median(times)

    for precision in PRECISIONS:
        print(precision)
        dtype = jnp.bfloat16 if precision == 'bf16' else jnp.float32
        multiply = 'highest' if precision == 'f32' else 'tensorfloat32' if precision == 'tf32' else 'default'
        keys = jax.random.split(jax.random.key(1), HIDDEN_LAYERS + 3)
        x, target = (jax.random.uniform(key, (SAMPLES, WIDTH), dtype, -1, 1) for key in keys[:2])
        start = [(jax.random.uniform(key, (WIDTH, WIDTH), dtype, -0.2, 0.2), jnp.zeros(WIDTH, dtype))
                 for key in keys[2:]]

        def forward(parameters, h):
            for index, (weight, bias) in enumerate(parameters):
                h = jnp.dot(h, weight, precision=None if dtype == jnp.bfloat16 else multiply) + bias
                h = h if index == HIDDEN_LAYERS else jax.nn.relu(h)
            return h

        def cost(parameters, h, t):
            return jnp.mean((forward(parameters, h) - t) ** 2)

        @jax.jit
        def step(parameters, h, t):
            gradients = jax.grad(cost)(parameters, h, t)
            return jax.tree.map(lambda p, g: p - jnp.asarray(RATE, dtype) * g, parameters, gradients)

        infer = jax.jit(forward)
        try_each(ours, precision, [
            ('jit', 'inference', lambda: lambda: infer(start, x), clock),
            ('jit', 'training', lambda: lambda: step(start, x, target), clock),
        ])


def main():
    ours = {}
    if not sys.stdin.isatty():
        for line in sys.stdin:
            _, precision, what, microseconds = line.strip().split(',')
            ours[precision, what] = float(microseconds)
    logging.disable(logging.WARNING)
    for name, package, run in [('PyTorch', 'torch', pytorch), ('JAX', 'jax', jax_rows)]:
        if importlib.util.find_spec(package) is None:
            print(f'{name}: skipped, no Python package {package} found')
        else:
            run(ours)


if __name__ == '__main__':
    main()
