"""What the benchmarks in PyTorch share: whether it is there, its threads, and how something is timed."""
import importlib.util
import logging
import sys
import time
import warnings


def find_torch():
    """The package on as many threads as the command line says, one unless it does; None, and why, without it."""
    if importlib.util.find_spec('torch') is None:
        print('PyTorch: skipped, no Python package torch found')
        return None
    import torch
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    torch.set_num_threads(numbers[0] if numbers else 1)
    logging.disable(logging.WARNING)
    warnings.simplefilter('ignore')
    print(f'PyTorch {torch.__version__}, {torch.get_num_threads()} threads')
    return torch


def best_ms(function):
    """The best of a second's rounds, ten at least: other programs only ever slow one down."""
    rounds, end = [], time.perf_counter() + 1
    while len(rounds) < 10 or time.perf_counter() < end:
        start = time.perf_counter()
        function()
        rounds.append(time.perf_counter() - start)
    return 1e3 * min(rounds)


def show(name, **ways):
    """One line: the time of each of `ways`, a function that makes what is timed."""
    print(f'{name:<48}', end='', flush=True)
    for way, make in ways.items():
        try:
            function = make()
            function()
        except Exception as error:  # no compiler that torch finds, an unknown machine
            print(f'   {way}: skipped, {type(error).__name__}', end='', flush=True)
            continue
        print(f'   {way} {best_ms(function):8.3f} ms', end='', flush=True)
    print()


def training(torch, make, loss, solver, x, y):
    """A training step of what `make` makes, eager and compiled: `ways` for show."""
    def step_of(net, run):
        optimiser = solver(net.parameters())

        def step():
            optimiser.zero_grad()
            loss(run(x), y).backward()
            optimiser.step()
        return step

    def eager():
        net = make()
        return step_of(net, net)

    def compiled():
        net = make()
        return step_of(net, torch.compile(net))

    return {'eager': eager, 'compiled': compiled}


def prediction(torch, make, x):
    """What `make` makes predicts x, eager, compiled and frozen: `ways` for show."""
    net = make().eval()

    def of(run):
        def call():
            with torch.inference_mode():
                return run(x)
        return call

    return {'eager': lambda: of(net), 'compiled': lambda: of(torch.compile(net)),
            'frozen': lambda: of(torch.jit.optimize_for_inference(torch.jit.script(net)))}
