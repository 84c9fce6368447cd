"""What bench/cuda compares typegrad with: the same works in PyTorch (eager, torch.compile, CUDA graphs) and in JAX.

name.py says the works of name.cu; both print rows of one table. Of a script that calls main():
    name.py < lines `name,work,microseconds` of the program    measures; each row has its ratio to typegrad's time
    name.py --check                                            runs every work once on the CPU, and measures nothing
What is not installed, or finds no GPU, is a line that says so.
"""
import importlib.util
import logging
import math
import statistics
import sys
import time

CALLS, ROUNDS = 100, 20  # as bench/cuda/counted.hpp: calls that are asked for without waiting, the median of rounds


class Others:
    """Measures what others make of a work, or with `check` only runs it."""

    def __init__(self, ours, check):
        self.ours, self.check = ours, check

    def rows(self, work, wait, makers):
        """makers: who, and a function that makes what is called in each round."""
        for who, make in makers:
            try:
                run = make()
                if self.check:
                    run()
                    print(f'  {work}, {who}: runs')
                else:
                    self.row(work, who, clock(run, wait))
            except Exception as error:  # pylint: disable=broad-except  # one that fails is a row, not the end
                if self.check:
                    raise
                words = str(error).strip().splitlines() or ['']
                print(f'| {work} | {who} | failed: {type(error).__name__}: {words[0]} | | | | |', flush=True)

    def row(self, work, who, microseconds):
        ratio = f'{microseconds / self.ours[work]:.2f}' if work in self.ours else ''
        print(f'| {work} | {who} | {microseconds:.1f} µs | {ratio} | | | |', flush=True)


def clock(run, wait):
    """Microseconds of a call."""
    times = []
    for round_number in range(-3, ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            run()
        wait()
        if round_number >= 0:
            times.append(1e6 * (time.perf_counter() - start) / CALLS)
    return statistics.median(times)


class Torch:
    """PyTorch's ways to run a function again and again."""

    def __init__(self, others):
        import torch

        self.torch, self.others = torch, others
        self.device = 'cpu' if others.check else 'cuda'
        self.wait = (lambda: None) if others.check else torch.cuda.synchronize

    def ways(self, make, fused):
        """make(wrap, for a graph or not) makes the function; wrap() is for what may be compiled."""
        compiled = self.compiled('max-autotune')
        ways = [('PyTorch eager', lambda: make(lambda f: f, False))]
        if self.others.check:
            return ways
        return ways + [
            ('PyTorch torch.compile, max-autotune', lambda: make(compiled, False)),
            (f'PyTorch CUDA graph{fused}', lambda: self.graph_of(make(lambda f: f, True))),
            (f'PyTorch compiled, in one CUDA graph{fused}',
             lambda: self.graph_of(make(self.compiled('max-autotune-no-cudagraphs'), True))),
        ]

    def adam(self, parameters, fused):
        return self.torch.optim.Adam(parameters, lr=1e-3, fused=fused, capturable=fused)

    def compiled(self, mode):
        return lambda function: self.torch.compile(function, mode=mode)

    def graph_of(self, run):
        torch = self.torch
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

    def training(self, work, network, x, target, loss, solver=None):
        """Steps of Adam, or of solver(parameters, fused); network() makes a torch.nn.Module."""

        def make(wrap, in_graph):
            net = network().to(self.device)
            solve = (solver or self.adam)(net.parameters(), in_graph)
            forward = wrap(lambda: loss(net(x), target))

            def step():
                solve.zero_grad(set_to_none=not in_graph)
                forward().backward()
                solve.step()

            return step

        self.others.rows(work, self.wait, self.ways(make, ', fused solver'))

    def inference(self, work, network, x):
        def make(wrap, _):
            net = network().to(self.device).eval()
            forward = wrap(lambda: net(x))

            def run():
                with self.torch.inference_mode():
                    forward()

            return run

        self.others.rows(work, self.wait, self.ways(make, ''))

    def function(self, work, function):
        """A function of no arguments, as it is, compiled, and captured."""
        self.others.rows(work, self.wait, self.ways(lambda wrap, _: wrap(function), ''))


class Jax:
    """JAX, whose functions are compiled."""

    def __init__(self, others):
        import jax

        self.jax, self.others = jax, others
        self.last = None

    def wait(self):
        self.jax.block_until_ready(self.last)

    def function(self, work, function, *arguments):
        compiled = self.jax.jit(function)

        def run():
            self.last = compiled(*arguments)

        self.others.rows(work, self.wait, [('JAX jit', lambda: run)])

    def training(self, work, parameters, cost, *arguments):
        """Steps of Adam on cost(parameters, *arguments)."""
        jax, jnp = self.jax, self.jax.numpy

        def step(state, *given):
            values, first, second, count = state
            gradients = jax.grad(cost)(values, *given)
            count = count + 1
            first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradients)
            second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradients)
            rate = 1e-3 * jnp.sqrt(1 - 0.999 ** count) / (1 - 0.9 ** count)
            values = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-8), values, first, second)
            return values, first, second, count

        compiled = jax.jit(step, donate_argnums=0)
        zeros = jax.tree.map(jnp.zeros_like, parameters)
        state = [(jax.tree.map(jnp.copy, parameters), zeros, jax.tree.map(jnp.copy, zeros), jnp.float32(0))]

        def run():
            state[0] = compiled(state[0], *arguments)
            self.last = state[0]

        self.others.rows(work, self.wait, [('JAX jit', lambda: run)])

    def random(self, seed, shape, bound=1.0):
        return self.jax.random.uniform(self.jax.random.key(seed), shape, self.jax.numpy.float32, -bound, bound)

    def linear(self, seed, inputs, outputs):
        bound = 1 / math.sqrt(inputs)
        return self.random(seed, (inputs, outputs), bound), self.random(seed + 1, (outputs,), bound)

    def cross_entropy(self, logits, labels):
        jax, jnp = self.jax, self.jax.numpy
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), labels[:, None], axis=1))


def main(pytorch, jax):
    """pytorch(Torch) and jax(Jax) say the works."""
    check = sys.argv[1:] == ['--check']
    ours = {}
    if not check and not sys.stdin.isatty():
        for line in sys.stdin:
            _, rest = line.strip().split(',', 1)
            work, microseconds = rest.rsplit(',', 1)
            ours[work] = float(microseconds)
    logging.disable(logging.WARNING)
    others = Others(ours, check)
    if importlib.util.find_spec('torch') is None:
        print('PyTorch: skipped, no Python package torch found', file=sys.stderr)
    else:
        import torch

        torch.manual_seed(1)
        if check or torch.cuda.is_available():
            pytorch(Torch(others))
        else:
            print('PyTorch: skipped, no GPU', file=sys.stderr)
    if importlib.util.find_spec('jax') is None:
        print('JAX: skipped, no Python package jax found', file=sys.stderr)
    else:
        import jax as found

        if check or found.default_backend() == 'gpu':
            found.config.update('jax_default_matmul_precision', 'highest')
            jax(Jax(others))
        else:
            print('JAX: skipped, no GPU', file=sys.stderr)
