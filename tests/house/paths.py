#!/usr/bin/env python3
"""What README and docs name is there: paths.py [root].

A code span that begins with a folder of the checkout, `tests/run/ops/table.hpp`, a header of the library,
`passes/fuse.hpp` or `<typegrad/io/npz.hpp>`, and a link to a file, [modes](modes.md), must exist; `*` stands for any name.
Prints each that does not and ends with status 1 if there is one.
"""
import pathlib
import re
import sys

SPAN = re.compile(r'`((?:bench|cmake|docs|examples|include|tests)/[\w./*-]*)`')
HEADER = re.compile(r'`<?((?:typegrad/)?[a-z]\w*/[\w./*]*\.hpp)>?`')
LINK = re.compile(r'\]\(([^)#\s]+)[^)]*\)')


def named(root, document):
    """Each path of a document, with the number of its line and the folder that it is relative to; not in code blocks."""
    code = False
    for number, line in enumerate(document.read_text(encoding='utf-8').splitlines(), 1):
        if line.startswith('```'):
            code = not code
        if code:
            continue
        spans = SPAN.findall(line)
        for path in spans:
            yield number, path, root
        for path in HEADER.findall(line):
            if path not in spans:
                yield number, path, root / ('include' if path.startswith('typegrad/') else 'include/typegrad')
        for path in LINK.findall(line):
            if '://' not in path:
                yield number, path, document.parent


def is_there(folder, path):
    if '*' in path:
        return any(folder.glob(path))
    return (folder / path).exists()


def main():
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    documents = [path for path in [root / 'README.md'] if path.is_file()] + sorted((root / 'docs').rglob('*.md'))
    faults, count = [], 0
    for document in documents:
        for number, path, folder in named(root, document):
            count += 1
            if not is_there(folder, path):
                faults.append(f'{document.relative_to(root)}:{number}: there is no {path}')
    print('\n'.join(faults + [f'{len(documents)} documents, {count} paths, {len(faults)} faults']))
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
