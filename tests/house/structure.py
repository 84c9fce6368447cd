#!/usr/bin/env python3
"""The walls of the house: structure.py [root].

Every header has its caption, its licence, a bounded length, and includes only what its folder may see.
Prints each fault as `file:line: words` and ends with status 1 if there is one.
"""
import pathlib
import re
import statistics
import sys

# folder: the folders that it may include beside itself. Includes go down only.
RANKS = {
    'core': [],
    'graph': ['core'],
    'passes': ['core', 'graph'],
    'layers': ['core', 'graph'],
    'solvers': ['core', 'graph'],
    'networks': ['core', 'graph', 'layers', 'solvers'],
    'data': ['core'],
    'io': ['core', 'graph', 'networks'],
    'backends': ['core', 'graph', 'passes'],
}
RANKS['runtime'] = sorted(RANKS)
RANKS['training'] = sorted(RANKS)
RANKS['views'] = sorted(RANKS)

# A third party's headers, and the only folders that may name them.
THIRD_PARTIES = [
    ('Eigen', r'(unsupported/)?Eigen/', ['backends/cpu', 'runtime']),
    ('Boost.Hana', r'boost/', ['networks']),
    ('CUDA and Thrust', r'(thrust|cub|cuda|cooperative_groups|nv)/|(cuda|cublas|curand|cooperative_groups|nv)\w*\.h$',
     ['backends/cuda']),
    ('zlib', r'zlib\.h$', ['data', 'io']),
]
# The standard library (no dot, no folder), C's and POSIX's headers, and the machine's vectors.
STANDARD = re.compile(r'\w+$|(sys/)?\w+\.h$')

LINES, MEDIAN, LAYER_LINES, UMBRELLA_LINES = 400, 150, 150, 60
# The umbrellas: they lie above all folders and are tables of contents.
UMBRELLAS = {'typegrad.hpp', 'cuda.cuh'}

INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
DEFINE = re.compile(r'\s*#\s*(?:define|undef)\s+(\w+)')


def check(root):
    house = root / 'include' / 'typegrad'
    faults = []
    headers = sorted(path for path in house.rglob('*') if path.suffix in ('.hpp', '.cuh', '.h'))
    lengths, edges = [], {}
    for path in headers:
        name = path.relative_to(house)
        text = path.read_text(encoding='utf-8')
        lines = text.splitlines()
        lengths.append(len(lines))

        def fault(line, words, name=name):
            faults.append(f'include/typegrad/{name}:{line}: {words}')

        folder = name.parts[0] if len(name.parts) > 1 else ''
        place = name.parent.as_posix()
        if not folder and name.name not in UMBRELLAS:
            fault(1, f'only {" and ".join(sorted(UMBRELLAS))} lie outside the folders')
        if folder and folder not in RANKS:
            fault(1, f'folder {folder}/ has no rank')
        check_face(lines, fault)
        check_length(lines, folder, name, fault)

        edges[name.as_posix()] = []
        for number, line in enumerate(lines, 1):
            define = DEFINE.match(line)
            if define and name.as_posix() != 'core/config.hpp':
                fault(number, f'macro {define[1]}: macros live in core/config.hpp only')
            elif define and not define[1].startswith('TYPEGRAD_'):
                fault(number, f'macro {define[1]} does not begin with TYPEGRAD_')
            include = INCLUDE.match(line)
            if not include:
                continue
            if include[2].startswith('typegrad/'):
                target = include[2][len('typegrad/'):]
                edges[name.as_posix()].append((number, target))
                check_edge(house, folder, include[1], target, number, fault)
            else:
                check_outside(place, include[1], include[2], number, fault)
    faults += cycles(edges)
    if lengths and statistics.median(lengths) > MEDIAN:
        faults.append(f'include/typegrad: the median header has {statistics.median(lengths):g} lines, at most {MEDIAN}')
    return len(headers), faults


def check_face(lines, fault):
    """Line 1 is the caption, line 2 the licence, then #pragma once."""
    if not lines or not re.match(r'// \S.{0,95}\.$', lines[0]):
        fault(1, 'the first line is not a caption: `// <one sentence>.` in 100 columns')
    if len(lines) < 2 or lines[1] != '// SPDX-License-Identifier: MIT':
        fault(2, 'the second line is not `// SPDX-License-Identifier: MIT`')
    code = [line for line in lines if line.strip() and not line.startswith('//')]
    if not code or code[0] != '#pragma once':
        fault(3, 'the first line of code is not `#pragma once`')


def check_length(lines, folder, name, fault):
    most = LAYER_LINES if folder == 'layers' else LINES
    if name.as_posix() in UMBRELLAS:
        most = UMBRELLA_LINES
    if len(lines) > most:
        fault(len(lines), f'{len(lines)} lines, at most {most}')


def check_edge(house, folder, quote, target, number, fault):
    if quote != '"':
        fault(number, f'<typegrad/{target}>: the library includes its own headers in quotes')
    if not (house / target).is_file():
        fault(number, f'there is no typegrad/{target}')
        return
    other = target.split('/')[0]
    if target in UMBRELLAS:
        fault(number, f'{folder or "an umbrella"} -> {target}: nobody includes an umbrella')
    elif folder in RANKS and other != folder and other not in RANKS[folder]:
        may = ' '.join(RANKS[folder]) or 'nothing else'
        fault(number, f'{folder} -> {other}: {folder}/ may include itself and {may}')


def check_outside(place, quote, target, number, fault):
    if quote == '"':
        fault(number, f'"{target}": the library names its headers as "typegrad/<folder>/<file>"')
        return
    for words, pattern, places in THIRD_PARTIES:
        if re.match(pattern, target):
            if not any(place == here or place.startswith(here + '/') for here in places):
                fault(number, f'<{target}>: {words} is included in {" and ".join(places)} only')
            return
    if not STANDARD.match(target):
        fault(number, f'<{target}>: a third party that no folder may include')


def cycles(edges):
    """Headers that include each other, which #pragma once hides."""
    faults, state = [], {}
    for start in edges:
        stack = [(start, iter(edges[start]))] if start not in state else []
        if stack:
            state[start] = 'open'
        while stack:
            name, rest = stack[-1]
            for number, target in rest:
                if state.get(target) == 'open':
                    faults.append(f'include/typegrad/{name}:{number}: includes {target}, which includes it')
                elif target in edges and target not in state:
                    state[target] = 'open'
                    stack.append((target, iter(edges[target])))
                    break
            else:
                state[name] = 'done'
                stack.pop()
    return faults


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    count, faults = check(root)
    print('\n'.join(faults + [f'{count} headers, {len(faults)} faults']))
    return 1 if faults or not count else 0


if __name__ == '__main__':
    sys.exit(main())
