#!/usr/bin/env python3
"""Formulas that the library carries as text are those that it computes with: texts.py [--update] [root].

runtime/header/texts.hpp holds the functions of core/math.hpp, the cases of graph/meaning.hpp and the comparison of
backends/reference/reductions.hpp, word for word.
--update writes it. Ends with status 1 when it differs.
"""
import pathlib
import sys

HEADER = '''// Formulas as text, for headers: those that the library computes with, word for word.
// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

namespace tg::runtime::header {{

// `python3 tests/house/texts.py --update` writes this file. Of core/math.hpp:
inline constexpr std::string_view math_text = R"({math})";

// Of graph/meaning.hpp:
inline constexpr std::string_view meaning_text = R"({meaning})";

// Of backends/reference/reductions.hpp:
inline constexpr std::string_view exceeds_text = R"({exceeds})";

}}  // namespace tg::runtime::header
'''


def between(path, begin, end):
    """What lies between two lines of a file."""
    lines = path.read_text(encoding='utf-8').splitlines(keepends=True)
    first, last = (next(i for i, line in enumerate(lines) if line.startswith(word)) for word in (begin, end))
    return ''.join(line for line in lines[first + 1:last] if 'clang-format' not in line)


def main():
    arguments = [word for word in sys.argv[1:] if word != '--update']
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parents[2]
    house = root / 'include' / 'typegrad'
    wanted = HEADER.format(math=between(house / 'core/math.hpp', 'namespace tg::math', '}  // namespace tg::math'),
                           meaning=between(house / 'graph/meaning.hpp', '  switch (op)', '  }'),
                           exceeds=between(house / 'backends/reference/reductions.hpp',
                                           '// Is x a better maximum', '// attributes[0]'))
    path = house / 'runtime/header/texts.hpp'
    if '--update' in sys.argv:
        path.write_text(wanted, encoding='utf-8')
    elif path.read_text(encoding='utf-8') != wanted:
        print('runtime/header/texts.hpp differs from its sources: `python3 tests/house/texts.py --update` writes it')
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
