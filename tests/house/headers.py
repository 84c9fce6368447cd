#!/usr/bin/env python3
"""Every header compiles alone: headers.py root compiler [flags…].

A header that another includes is checked in that one's translation unit, before it: what stands there of the other
is nothing that it would not read itself. So one unit checks a whole chain of headers, each of which includes all
before it, and there are fewer than half as many units as headers. Units of headers that all include HUB begin with it
as the compiler has left it, read once.
Prints what the compiler says of each header that does not compile alone; status 1 if there is one.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from structure import INCLUDE

HUB = 'typegrad/graph/elementwise.hpp'  # what half of all units would read first: the graph, and what it includes


def includes(path):
    """What `path` includes of its own house in any case and before anything else: not under an #if, not after code."""
    found, conditions = [], 0
    for line in path.read_text(encoding='utf-8').splitlines():
        directive = re.match(r'\s*#\s*(\w+)', line)
        if not directive:
            if line.strip() and not line.lstrip().startswith('//'):
                break
            continue
        conditions += directive[1].startswith('if') - (directive[1] == 'endif')
        include = INCLUDE.match(line)
        if include and include[1] == '"' and not conditions:
            found.append(include[2])
    return found


def closures(direct):
    """header: all that it includes, itself or by what it includes."""
    closed = {}

    def close(header):
        if header not in closed:
            closed[header] = set()  # two that include each other are structure.py's fault to tell
            for other in direct.get(header, ()):
                closed[header] |= {other} | close(other)
        return closed[header]

    for header in direct:
        close(header)
    return closed


def chains(closed):
    """The headers in as few chains as can be, each of whose headers includes those before it.

    A header's successor is one that includes it and is nobody else's: a maximum matching, found by augmenting paths.
    The last of a chain is what its unit takes to read, so those that include much look for a successor first.
    """
    after = {header: [other for other in closed if header in closed[other]] for header in closed}
    before = {}

    def match(header, tried):
        for other in after[header]:
            if other not in tried:
                tried.add(other)
                if other not in before or match(before[other], tried):
                    before[other] = header
                    return True
        return False

    for header in sorted(closed, key=lambda one: -len(closed[one])):
        match(header, set())
    found = []
    for last in sorted(set(closed) - set(before.values()), key=lambda one: -len(closed[one])):
        found.append([last])
        while found[-1][0] in before:
            found[-1].insert(0, before[found[-1][0]])
    return found


def precompile(command, folder):
    """The flags of units that begin with HUB, which is precompiled in `folder`; none if it does not compile."""
    header = pathlib.Path(folder) / 'hub.hpp'
    header.write_text(f'#include "{HUB}"\n', encoding='utf-8')
    done = subprocess.run(command + ['-x', 'c++-header', str(header), '-o', f'{header}.gch'],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return ['-include', str(header)] if done.returncode == 0 else []


def errors(command, headers):
    """What the compiler says of a unit that includes `headers`; nothing if it compiles."""
    text = ''.join(f'#include "{header}"\n' for header in headers)
    done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return '' if done.returncode == 0 else done.stdout or f'status {done.returncode}\n'


def faults(command, chain):
    """(header, what the compiler says of it) for each of the chain that does not compile alone."""
    if not errors(command, chain):
        return []
    alone = [(header, errors(command, [header])) for header in chain]
    return [fault for fault in alone if fault[1]] or [(' and '.join(chain), errors(command, chain))]


def main():
    include = pathlib.Path(sys.argv[1]) / 'include'
    command = [flag for flag in sys.argv[2:] if flag != '-fsyntax-only'] + ['-I', str(include)]
    read = ['-fsyntax-only', '-x', 'c++', '-']
    direct = {path.relative_to(include).as_posix(): includes(path) for path in sorted(include.rglob('*.hpp'))}
    closed = closures(direct)
    above = {header for header in closed if HUB in closed[header]}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        hub = precompile(command, folder) if above else []
        units = [(command + (hub if among is above else []) + read, chain)
                 for among in (above, set(closed) - above)
                 for chain in chains({header: closed[header] & among for header in sorted(among)})]
        found = sum(pool.map(lambda unit: faults(*unit), units), [])
    for header, words in found:
        print(f'{header} does not compile alone:\n{words}')
    print(f'{len(direct)} headers in {len(units)} units, {len(found)} faults')
    return 1 if found or not direct else 0


if __name__ == '__main__':
    sys.exit(main())
