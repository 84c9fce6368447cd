#!/usr/bin/env python3
"""README and docs quote code by marker: quotes.py [--update] [root].

In a document, the line

    <!-- quote: examples/03_lenet.cpp network -->

stands before a fenced code block, which must equal the lines between `// [network]` and `// [/network]` in
that file, without their common indentation. Comments of other languages (`#`) mark as well. --update rewrites
the blocks. Prints each difference and ends with status 1 if there is one.
"""
import difflib
import pathlib
import re
import sys
import textwrap

QUOTE = re.compile(r'^<!-- quote: (\S+) (\S+) -->$')


def marked(root, file, marker):
    """The quoted lines of `file`, or a ValueError that says what is wrong."""
    path = root / file
    if not path.is_file():
        raise ValueError(f'there is no {file}')
    lines = path.read_text(encoding='utf-8').splitlines()
    begin = [i for i, line in enumerate(lines) if re.fullmatch(rf'\s*(//|#) \[{re.escape(marker)}\]', line)]
    end = [i for i, line in enumerate(lines) if re.fullmatch(rf'\s*(//|#) \[/{re.escape(marker)}\]', line)]
    if len(begin) != 1 or len(end) != 1 or begin[0] >= end[0]:
        raise ValueError(f'{file} does not mark one part by [{marker}] … [/{marker}]')
    # Markers within the part, of other quotes, are not quoted.
    part = [line for line in lines[begin[0] + 1:end[0]] if not re.fullmatch(r'\s*(//|#) \[/?[\w-]+\]', line)]
    return textwrap.dedent('\n'.join(part)).splitlines()


def check(root, document, update):
    """The faults of one document; with `update`, its text with every block rewritten."""
    lines = document.read_text(encoding='utf-8').splitlines()
    name = document.relative_to(root)
    faults, out, count, i = [], [], 0, 0
    while i < len(lines):
        out.append(lines[i])
        quote = QUOTE.match(lines[i])
        i += 1
        if not quote:
            if lines[i - 1].startswith('<!-- quote'):
                faults.append(f'{name}:{i}: not `<!-- quote: file marker -->`')
            continue
        count += 1
        where = f'{name}:{i}'
        fence = lines[i] if i < len(lines) else ''
        close = next((j for j in range(i + 1, len(lines)) if lines[j] == '```'), None)
        if not fence.startswith('```') or close is None:
            faults.append(f'{where}: no fenced block follows the quote')
            continue
        quoted, i = lines[i + 1:close], close + 1
        try:
            wanted = marked(root, quote[1], quote[2])
        except ValueError as fault:
            faults.append(f'{where}: {fault}')
            wanted = quoted
        if quoted != wanted and not update:
            difference = difflib.unified_diff(quoted, wanted, 'here', quote[1], lineterm='')
            faults.append(f'{where}: differs from {quote[1]} [{quote[2]}]\n' + '\n'.join(difference))
        out += [fence] + wanted + ['```']
    if update and out != lines:
        document.write_text('\n'.join(out) + '\n', encoding='utf-8')
        print(f'{name}: updated')
    return count, faults


def main():
    arguments = sys.argv[1:]
    update = '--update' in arguments
    arguments = [word for word in arguments if word != '--update']
    root = pathlib.Path(arguments[0]).resolve() if arguments else pathlib.Path(__file__).resolve().parents[2]
    documents = [path for path in [root / 'README.md'] if path.is_file()] + sorted((root / 'docs').rglob('*.md'))
    results = [check(root, document, update) for document in documents]
    faults = [fault for _, some in results for fault in some]
    print('\n'.join(faults + [f'{len(documents)} documents, {sum(count for count, _ in results)} quotes, {len(faults)} faults']))
    if faults and not update:
        print('`python3 tests/house/quotes.py --update` rewrites the blocks')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
