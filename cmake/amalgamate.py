#!/usr/bin/env python3
"""Writes typegrad as one header: amalgamate.py [output]

Every header of the library that <typegrad/typegrad.hpp> includes, each once and in an order in which nothing is used
before it is there. Other libraries' headers are still included. Without an output, prints it.
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
OWN = re.compile(r'#include ["<](typegrad/[^">]+)[">]')
FACE = re.compile(r'// SPDX-License-Identifier: .*|#pragma once')


def lines_of(header, seen):
    """The lines of a header, those that it includes before them where they are not there yet."""
    seen.add(header)
    yield f'// {header}'
    for line in (ROOT / 'include' / header).read_text(encoding='utf-8').splitlines():
        own = OWN.fullmatch(line.strip())
        if own and own[1] not in seen:
            yield from lines_of(own[1], seen)
        elif not own and not FACE.fullmatch(line):
            yield line


def amalgamate():
    config = (ROOT / 'include/typegrad/core/config.hpp').read_text(encoding='utf-8')
    version = '.'.join(re.findall(r'#define TYPEGRAD_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)', config))
    head = [f'// typegrad {version} as one header, made by cmake/amalgamate.py.',
            '// SPDX-License-Identifier: MIT', '//']
    license_text = (ROOT / 'LICENSE').read_text(encoding='utf-8')
    head += [f'// {line}'.rstrip() for line in license_text.splitlines()]
    text = '\n'.join([*head, '#pragma once', *lines_of('typegrad/typegrad.hpp', set()), ''])
    return re.sub(r'\n{3,}', '\n\n', text)


def main():
    if len(sys.argv) > 2 or sys.argv[1:] in (['-h'], ['--help']):
        sys.exit(__doc__)
    text = amalgamate()
    if len(sys.argv) == 1:
        sys.stdout.write(text)
        return
    output = pathlib.Path(sys.argv[1])
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f'{output.name}.{os.getpid()}.tmp')
    temporary.write_text(text, encoding='utf-8')
    temporary.replace(output)


if __name__ == '__main__':
    main()
