#!/usr/bin/env python3
"""Faults are planted in every kernel for GPUs, by a test of tests/run/cuda that names it, and nvcc compiles it for all
devices, by a file of tests/static that launches it: planted.py [root].

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


# Which files name a kernel, how, and what is missing where none does.
TESTS = [('tests/run/cuda/*faults*.cpp', r'\b{}\b', 'no fault is planted in {}: name it in tests/run/cuda/faults.cpp'),
         ('tests/static/cuda*.cpp', r'\btg::cuda::{}[<>]', 'nvcc does not compile {}: launch it in tests/static/cuda.cpp')]


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    all_kernels = kernels(root / 'include/typegrad/backends/cuda/kernels')
    missing = 0
    for files, named, words in TESTS:
        text = '\n'.join(path.read_text(encoding='utf-8') for path in root.glob(files))
        for name, path in all_kernels.items():
            if not re.search(named.format(name), text):
                print(f'{path.relative_to(root)}: {words.format(name)}')
                missing += 1
    print(f'{len(all_kernels)} kernels, {missing} without a test')
    return 1 if missing or not all_kernels else 0


if __name__ == '__main__':
    sys.exit(main())
