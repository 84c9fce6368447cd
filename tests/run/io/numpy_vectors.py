#!/usr/bin/env python3
"""Writes numpy_vectors.hpp: bytes that NumPy itself saved, for tests without NumPy.

    python3 tests/run/io/numpy_vectors.py
"""
import io
import pathlib

import numpy as np


def npy(array, version=(1, 0)):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    return file.getvalue()


def npz(save, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


GRID = np.array([[1.5, -2, 3], [4, 5, 1e-3]])
NAMED = {'0.weight': GRID.astype('f4'), '0.bias': np.array([1, -1], 'f4'), 'steps': np.array(7, 'i8')}
VECTORS = {
    'f4': npy(GRID.astype('f4')),
    'f8': npy(GRID),
    'i4': npy(np.array([[-1, 2], [3, -2147483648]], 'i4')),
    'i8': npy(np.array(-2**62, 'i8')),
    'u1': npy(np.array([0, 255], 'u1')),
    'b1': npy(np.array([True, False, True])),
    'empty': npy(np.zeros((0, 3), 'f4')),
    'columns': npy(np.asfortranarray(np.arange(24, dtype='i4').reshape(2, 3, 4))),
    'version_2': npy(np.array([0.5], 'f8'), (2, 0)),
    'big_endian': npy(np.array([1.0], '>f4')),
    'complex': npy(np.array([1j], 'c8')),
    'records': npy(np.array([(1, 2.0)], [('a', 'i4'), ('b', 'f4')])),
    'savez': npz(np.savez, **NAMED),
    'savez_compressed': npz(np.savez_compressed, **NAMED),
}


def lines(data):
    numbers = [f'{byte},' for byte in data]
    while numbers:
        line = ''
        while numbers and len(line) + len(numbers[0]) < 96:
            line += numbers.pop(0)
        yield '    ' + line


out = ['// Bytes that NumPy saved. Written by numpy_vectors.py.', '// SPDX-License-Identifier: MIT', '#pragma once', '',
       'namespace numpy_vectors {', '', '// clang-format off']
for name, data in VECTORS.items():
    out += [f'inline constexpr unsigned char {name}[] = {{', *lines(data), '};']
out += ['// clang-format on', '', '}  // namespace numpy_vectors', '']
pathlib.Path(__file__).with_suffix('.hpp').write_text('\n'.join(out), encoding='utf-8')
