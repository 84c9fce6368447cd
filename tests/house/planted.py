#!/usr/bin/env python3
"""Faults are planted in every kernel for GPUs, by a test of tests/run/cuda that names it: planted.py [root].

A kernel is a struct of backends/cuda/kernels that says how many threads and tiles it has, or its base does.
"""
import pathlib
import re
import sys

STRUCT = re.compile(r'^struct (\w+)(?: : (?:\w+::)*(\w+)<[^{]*)? \{(.*?)\};$', re.MULTILINE | re.DOTALL)


def kernels(folder):
    """The file of each kernel."""
    found, bases = {}, {}
    for path in sorted(folder.glob('*.hpp')):
        for name, base, body in STRUCT.findall(path.read_text(encoding='utf-8')):
            if re.search(r'static constexpr int [^;]*\bthreads =', body) and ' tiles(' in body:
                found[name] = path
            elif base:
                bases[name] = (base, path)
    of_bases = {name: path for name, (base, path) in bases.items() if base in found}
    for base in {bases[name][0] for name in of_bases}:
        del found[base]
    return {**found, **of_bases}


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    all_kernels = kernels(root / 'include/typegrad/backends/cuda/kernels')
    tests = '\n'.join(path.read_text(encoding='utf-8') for path in (root / 'tests/run/cuda').glob('*faults*.cpp'))
    without = [(name, path) for name, path in all_kernels.items() if not re.search(rf'\b{name}\b', tests)]
    for name, path in without:
        print(f'{path.relative_to(root)}: no fault is planted in {name}: name it in tests/run/cuda/faults.cpp')
    print(f'{len(all_kernels)} kernels, {len(without)} without a planted fault')
    return 1 if without or not all_kernels else 0


if __name__ == '__main__':
    sys.exit(main())
