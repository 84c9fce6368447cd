#!/usr/bin/env python3
"""Compiles networks of growing depth and says whether time grows linearly.

A network of N layers is N times Linear<64> with a Model and a training step, compiled with -O3 for this machine; 0
layers are what every program pays. Beside it: the umbrella header alone, 03_lenet.cpp, and the training steps of
ResNet-18 and ResNet-50 for images of 32 x 32. Seconds are of processor time, which other programs disturb little;
memory is the peak of the largest process that the compiler starts. Status 1: something does not compile or does not
grow linearly.
"""
import argparse
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDES = ['-I', ROOT / 'include', '-isystem', '/usr/include/eigen3', '-isystem', '/usr/local/include/eigen3']

ALONE = '#include <typegrad/typegrad.hpp>\nint main() {}\n'
STEP = '''#include <typegrad/typegrad.hpp>
#include <vector>
struct Network : {network} {{}};
int main() {{
  tg::Model<Network> model;
  tg::Trainer trainer{{model, tg::CrossEntropy{{}}, tg::Sgd{{.learning_rate = 0.1f}}, tg::batch<64>}};
  std::vector<float> images(64 * tg::input_shape<Network>.size());
  std::vector<int> labels(64);
  return trainer.step(images, labels) > 0 ? 0 : 1;
}}
'''
CHAIN = 'tg::Sequence<tg::Input<64>{layers}, tg::Linear<10>>'
RESNET = 'tg::models::ResNet{depth}<tg::Input<3, 32, 32>, 10, tg::models::SmallStem>'
# What CMake's target asks for, too. clang's own budget for one constant ends between 200 and 400 layers; g++ looks for
# what it can forget later than by default.
CLANG_FLAGS = ['-fconstexpr-steps=33554432']
GCC_FLAGS = ['--param=ggc-min-heapsize=200000']

# Time above that of no layers is taken to grow as depth ** exponent; noise allows this much.
MOST_EXPONENT = 1.25


def compile_once(compiler, flags, source):
    """(seconds, MB) of one compilation, or None and what the compiler says first."""
    with tempfile.NamedTemporaryFile('w+') as log:
        more = CLANG_FLAGS if 'clang' in compiler else GCC_FLAGS
        process = subprocess.Popen([compiler, '-std=c++20', *more, *flags, *INCLUDES, '-c', source, '-o', os.devnull],
                                   stdout=log, stderr=log)
        # wait4 reports this compiler alone; its largest process is what limits a machine.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = usage.ru_utime + usage.ru_stime
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            log.seek(0)
            lines = log.readlines()
            return None, ''.join([line for line in lines if 'error' in line][:3] or lines[:3])
    scale = 2**20 if sys.platform == 'darwin' else 2**10
    return (seconds, usage.ru_maxrss / scale), ''


def measure(compiler, flags, source, repeat):
    """The fastest of some compilations: what disturbs only ever adds."""
    results = []
    for _ in range(repeat):
        result, words = compile_once(compiler, flags, source)
        if result is None:
            return None, words
        results.append(result)
    return (min(seconds for seconds, _ in results), max(memory for _, memory in results)), ''


def exponent(base, points):
    """The slope of log(seconds above base) against log(depth), by least squares."""
    logs = [(math.log(depth), math.log(max(seconds - base, 1e-3))) for depth, seconds in points]
    x = sum(a for a, _ in logs) / len(logs)
    y = sum(b for _, b in logs) / len(logs)
    return sum((a - x) * (b - y) for a, b in logs) / sum((a - x)**2 for a, _ in logs)


def report(name, result, words, extra=''):
    if result is None:
        print(f'{name:26} does not compile:\n{words}')
    else:
        print(f'{name:26} {result[0]:8.2f} s {result[1]:8.0f} MB  {extra}')
    sys.stdout.flush()


def curve(compiler, arguments, folder):
    """Prints one compiler's table; False when something is wrong."""
    version = subprocess.run([compiler, '--version'], stdout=subprocess.PIPE, text=True, check=True).stdout
    print(f'{version.splitlines()[0]}, {" ".join(arguments.flags)}')
    good = True

    source = folder / 'alone.cpp'
    source.write_text(ALONE, encoding='utf-8')
    result, words = measure(compiler, arguments.flags, source, arguments.repeat)
    report('the header alone', result, words)
    if result is None:
        return False
    lenet = ROOT / 'examples' / '03_lenet.cpp'
    if lenet.is_file():
        result, words = measure(compiler, arguments.flags, lenet, arguments.repeat)
        report('examples/03_lenet.cpp', result, words)
        good = good and result is not None

    for depth in arguments.resnets:
        source = folder / f'resnet{depth}.cpp'
        source.write_text(STEP.format(network=RESNET.format(depth=depth)), encoding='utf-8')
        result, words = measure(compiler, arguments.flags, source, arguments.repeat)
        report(f'ResNet-{depth}, training step', result, words)
        good = good and result is not None

    base, points = 0, []
    for depth in [0, *arguments.depths]:
        source = folder / f'deep{depth}.cpp'
        source.write_text(STEP.format(network=CHAIN.format(layers=', tg::Linear<64>' * depth)), encoding='utf-8')
        result, words = measure(compiler, arguments.flags, source, arguments.repeat)
        extra = f'{1000 * (result[0] - base) / depth:6.1f} ms a layer above none' if result and depth else ''
        report(f'{depth} layers', result, words, extra)
        if result is None:
            return False
        if depth:
            points.append((depth, result[0]))
        else:
            base = result[0]
    if len(points) > 1:
        power = exponent(base, points)
        linear = power <= MOST_EXPONENT
        print(f'time above no layers grows as depth^{power:.2f}: {"linear" if linear else "NOT LINEAR"}')
        good = good and linear
    return good


def main():
    parser = argparse.ArgumentParser(prog='bash bench/compile/run.sh', description=__doc__.split('\n', 1)[0])
    parser.add_argument('--depths', type=int, nargs='+', default=[10, 50, 100, 200, 400], help='layers of a chain')
    parser.add_argument('--resnets', type=int, nargs='*', default=[18, 50], help='18, 34, 50')
    parser.add_argument('--compilers', nargs='+', help='default: g++ and clang++-19, where they are')
    parser.add_argument('--flags', nargs=argparse.REMAINDER, default=['-O3', '-march=native'],
                        help='the last option: everything after it goes to the compiler')
    parser.add_argument('--repeat', type=int, default=1, help='compilations of each, of which the fastest counts')
    arguments = parser.parse_args()
    compilers = arguments.compilers or [name for name in ('g++', 'clang++-19') if shutil.which(name)]
    with tempfile.TemporaryDirectory() as folder:
        # Every curve is drawn, also after one that is wrong.
        results = [curve(compiler, arguments, pathlib.Path(folder)) for compiler in compilers]
    return 0 if results and all(results) else 1


if __name__ == '__main__':
    sys.exit(main())
