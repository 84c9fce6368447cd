#!/usr/bin/env python3
"""Compiles a function of 500 nodes in every mode: what does the compiler pay for optimising it?

The function is a network of blocks, a product and some twenty element-wise operations chosen by a fixed sequence, no
two blocks alike, with the gradients of its weights and their updates. Seconds are of processor time. Status 1: a
function does not compile, FastRun takes more than 10 s, or FastCompile takes more than half as long as FastRun.
"""
import argparse
import pathlib
import random
import sys
import tempfile

from measure import measure, report

MODES = ['fast_run', 'fast_compile', 'no_optimisation']
MOST_SECONDS, MOST_SHARE = 10, 0.5

PROGRAM = '''#include <typegrad/typegrad.hpp>
#include <array>
#include <cstdio>
#include <vector>
struct Train {{
  static constexpr auto define(tg::Scope& s) {{
    const tg::Var x = s.input("x", {{{width}}});
    tg::Var h = x;
{blocks}    const tg::Var cost = tg::mean(tg::square(h - s.input("y", {{{width}}})));
    const auto g = tg::grad(cost, {weights});
    const std::array w{{{weights}}};
    for (std::size_t i = 0; i < w.size(); ++i) s.update(w[i], w[i] - 0.1f * g[i]);
    return tg::outputs(cost);
  }}
}};
{check}
int main() {{
  tg::Shared<Train> state;
  tg::Function<Train, tg::Cpu, tg::{mode}> train{{state}};
  std::vector<float> x(32 * {width}, 0.5f), y(32 * {width}, 0.25f);
  std::printf("%g\\n", double(train(x, y)));
}}
'''
UNARY = ['tanh', 'sigmoid', 'softplus', 'exp', 'sin', 'cos', 'abs', 'relu', '-']
BINARY = ['{a} + {b}', '{a} - {b}', '{a} * {b}', 'tg::maximum({a}, {b})', '{a} / (1.5f + {b} * {b})']


def source(mode, blocks, operations, width, nodes):
    chance = random.Random(4)
    lines, weights = [], []
    for i in range(blocks):
        lines.append(f'    const tg::Var w{i} = s.shared("w{i}", {{{width}, {width}}});\n')
        lines.append(f'    const tg::Var v{i}_0 = matmul(w{i}, h);\n')
        weights.append(f'w{i}')
        for k in range(1, operations + 1):
            a = f'v{i}_{k - 1}'
            b = f'v{i}_{chance.randrange(k - 1)}' if k > 1 else 'h'  # another one: nothing cancels
            if chance.random() < 0.4:
                op = chance.choice(UNARY)
                text = f'-{a}' if op == '-' else f'{op}(0.5f * {a})' if op == 'exp' else f'{op}({a})'
            else:
                text = chance.choice(BINARY).format(a=a, b=b)
            lines.append(f'    const tg::Var v{i}_{k} = {text};\n')
        lines.append(f'    h = tanh(v{i}_{operations});\n')
    check = (f'static_assert(tg::runtime::Compiled<Train, tg::Purpose::inference, tg::f32>::optimised.size() >= {nodes});'
             if mode == 'fast_run' else '')
    return PROGRAM.format(width=width, blocks=''.join(lines), weights=', '.join(weights), mode=mode, check=check)


def main():
    parser = argparse.ArgumentParser(prog='python3 bench/compile/function.py', description=__doc__.split('\n', 1)[0])
    parser.add_argument('--compiler', default='g++')
    parser.add_argument('--modes', nargs='+', default=MODES)
    parser.add_argument('--blocks', type=int, default=10)
    parser.add_argument('--operations', type=int, default=12, help='element-wise ones of a block')
    parser.add_argument('--nodes', type=int, default=500, help='of the optimised graph, at least')
    parser.add_argument('--width', type=int, default=24)
    parser.add_argument('--repeat', type=int, default=1)
    parser.add_argument('--keep', help='a folder for the sources')
    parser.add_argument('--flags', nargs=argparse.REMAINDER, default=['-O2'])
    arguments = parser.parse_args()
    seconds = {}
    with tempfile.TemporaryDirectory() as folder:
        for mode in arguments.modes:
            path = pathlib.Path(arguments.keep or folder) / f'{mode}.cpp'
            path.write_text(source(mode, arguments.blocks, arguments.operations, arguments.width, arguments.nodes),
                            encoding='utf-8')
            result, words = measure(arguments.compiler, arguments.flags, path, arguments.repeat)
            report(mode, result, words)
            seconds[mode] = result[0] if result else float('inf')
    run, quick = seconds.get('fast_run', 0), seconds.get('fast_compile', 0)
    good = run <= MOST_SECONDS and quick <= MOST_SHARE * run if run and quick else True
    print('within the limits' if good else f'NOT WITHIN: at most {MOST_SECONDS} s, and half of it')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
