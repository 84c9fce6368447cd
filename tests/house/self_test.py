#!/usr/bin/env python3
"""The checks of the house can fail: each is given a small tree with one planted fault."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
FACE = '// What this header holds.\n// SPDX-License-Identifier: MIT\n#pragma once\n'


def run(*words):
    """The status and the output of a check."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    return done.returncode, done.stdout


class Tree(unittest.TestCase):
    """A temporary checkout."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding='utf-8')
        return path

    def header(self, name, body='', face=FACE):
        self.write(f'include/typegrad/{name}', face + body)


class Structure(Tree):
    def setUp(self):
        super().setUp()
        self.header('core/shape.hpp', '#include <array>\n')
        self.header('graph/node.hpp', '#include "typegrad/core/shape.hpp"\n')
        self.header('backends/cpu/vector.hpp', '#include <Eigen/Core>\n#include "typegrad/graph/node.hpp"\n')
        self.header('data/idx.hpp', '#include <zlib.h>\n#include <unistd.h>\n')
        self.header('typegrad.hpp', '#include "typegrad/data/idx.hpp"\n')

    def check(self):
        return run(sys.executable, HERE / 'structure.py', self.root)

    def fails(self, words):
        status, output = self.check()
        self.assertEqual(status, 1, output)
        self.assertIn(words, output)
        self.assertIn(', 1 faults', output)

    def test_a_tidy_house(self):
        self.assertEqual(self.check(), (0, '5 headers, 0 faults\n'))

    def test_an_empty_house(self):
        shutil.rmtree(self.root / 'include')
        self.assertEqual(self.check()[0], 1)

    def test_an_include_that_goes_up(self):
        self.header('core/up.hpp', '#include "typegrad/graph/node.hpp"\n')
        self.fails('include/typegrad/core/up.hpp:4: core -> graph: core/ may include itself and nothing else')

    def test_an_include_that_goes_sideways(self):
        self.header('solvers/sgd.hpp', '#include "typegrad/backends/cpu/vector.hpp"\n')
        self.fails('solvers -> backends: solvers/ may include itself and core graph')

    def test_views_are_included_by_nobody(self):
        self.header('views/dot.hpp', '#include "typegrad/graph/node.hpp"\n')
        self.header('training/trainer.hpp', '#include "typegrad/views/dot.hpp"\n')
        self.fails('training -> views')

    def test_an_umbrella_is_included_by_nobody(self):
        self.header('training/trainer.hpp', '#include "typegrad/typegrad.hpp"\n')
        self.fails('training -> typegrad.hpp')

    def test_a_folder_without_rank(self):
        self.header('utilities/misc.hpp')
        self.fails('folder utilities/ has no rank')

    def test_a_header_outside_the_folders(self):
        self.header('misc.hpp')
        self.fails('lie outside the folders')

    def test_a_header_that_is_not_there(self):
        self.header('core/a.hpp', '#include "typegrad/core/b.hpp"\n')
        self.fails('there is no typegrad/core/b.hpp')

    def test_headers_that_include_each_other(self):
        self.header('core/a.hpp', '#include "typegrad/core/b.hpp"\n')
        self.header('core/b.hpp', '#include "typegrad/core/a.hpp"\n')
        self.fails('includes core/a.hpp, which includes it')

    def test_angle_brackets(self):
        self.header('core/a.hpp', '#include <typegrad/core/shape.hpp>\n')
        self.fails('in quotes')

    def test_a_relative_include(self):
        self.header('core/a.hpp', '#include "shape.hpp"\n')
        self.fails('"shape.hpp": the library names its headers')

    def test_third_parties(self):
        for name, include, words in [
                ('graph/a.hpp', 'Eigen/Core', 'Eigen is included in backends/cpu and runtime only'),
                ('backends/reference/a.hpp', 'Eigen/Core', 'Eigen is included in'),
                ('layers/a.hpp', 'zlib.h', 'zlib is included in data and io only'),
                ('layers/a.hpp', 'boost/hana.hpp', 'Boost.Hana is included in networks only'),
                ('runtime/a.hpp', 'thrust/device_vector.h', 'CUDA and Thrust is included in backends/cuda only'),
                ('runtime/a.hpp', 'cuda_runtime.h', 'CUDA and Thrust is included in backends/cuda only'),
                ('core/a.hpp', 'fmt/format.h', 'a third party that no folder may include')]:
            with self.subTest(include=include):
                self.header(name, f'#include <{include}>\n')
                self.fails(words)
                (self.root / 'include/typegrad' / name).unlink()

    def test_a_missing_caption(self):
        self.header('core/a.hpp', face=FACE.split('\n', 1)[1].replace('// SPDX', '// Caption without stop\n// SPDX'))
        self.fails('core/a.hpp:1: the first line is not a caption')

    def test_a_missing_licence(self):
        self.header('core/a.hpp', face='// A caption.\n#pragma once\n')
        self.fails('core/a.hpp:2: the second line is not')

    def test_a_missing_guard(self):
        self.header('core/a.hpp', face=FACE.replace('#pragma once\n', 'int x;\n'))
        self.fails('#pragma once')

    def test_a_macro(self):
        self.header('core/a.hpp', '#define TYPEGRAD_WIDTH 8\n')
        self.fails('core/a.hpp:4: macro TYPEGRAD_WIDTH: macros live in core/config.hpp only')

    def test_a_macro_without_prefix(self):
        self.header('core/config.hpp', '#define WIDTH 8\n')
        self.fails('macro WIDTH does not begin with TYPEGRAD_')

    def test_lengths(self):
        for name, lines, words in [('core/a.hpp', 401, '401 lines, at most 400'),
                                   ('layers/a.hpp', 151, '151 lines, at most 150'),
                                   ('cuda.cuh', 61, '61 lines, at most 60')]:
            with self.subTest(name=name):
                self.header(name, '// …\n' * (lines - 3))
                self.fails(words)
                self.header(name, '// …\n' * (lines - 4))
                self.assertEqual(self.check()[0], 0)
                (self.root / 'include/typegrad' / name).unlink()

    def test_the_median(self):
        for i in range(6):
            self.header(f'core/long{i}.hpp', '// …\n' * 160)
        self.fails('the median header has 163 lines')


class Headers(Tree):
    """first.hpp is included by second.hpp, so one unit reads both."""
    STRING = '#include <string>\n'
    FIRST, HUB = '#include "typegrad/core/first.hpp"\n', '#include "typegrad/graph/elementwise.hpp"\n'
    TEXT, USE = 'inline std::string text() { return ""; }\n', 'inline auto use() { return text(); }\n'

    def check(self, first, second):
        self.header('core/first.hpp', first)
        self.header('core/second.hpp', second)
        return run(sys.executable, '-B', HERE / 'headers.py', self.root, os.environ.get('CXX', 'c++'), '-std=c++20')

    def fails(self, name, first, second, units=1, headers=2):
        status, output = self.check(first, second)
        self.assertEqual(status, 1, output)
        self.assertIn(f'typegrad/core/{name}.hpp does not compile alone:\n', output)
        self.assertIn('error:', output)
        self.assertIn(f'{headers} headers in {units} units, 1 faults\n', output)

    def test_whole_headers(self):
        self.assertEqual(self.check(self.STRING + self.TEXT, self.FIRST + self.USE),
                         (0, '2 headers in 1 units, 0 faults\n'))

    def test_what_only_its_includer_includes(self):
        self.fails('first', self.TEXT, self.STRING + self.FIRST + self.USE)

    def test_what_is_not_included(self):
        self.fails('second', self.STRING + self.TEXT, self.FIRST + 'inline std::vector<int> other;\n')

    def test_what_is_not_included_in_any_case(self):
        self.fails('second', self.STRING + self.TEXT, f'#if 0\n{self.FIRST}#endif\n{self.USE}', 2)

    def test_what_is_included_too_late(self):
        self.fails('second', self.STRING + self.TEXT, self.USE + self.FIRST, 2)

    def test_what_is_not_included_above_the_hub(self):
        self.header('graph/elementwise.hpp', self.STRING + self.TEXT)
        self.fails('second', self.HUB + self.USE, self.HUB + 'inline std::vector<int> other;\n', 3, 3)

    def test_what_only_the_hub_includes(self):
        self.header('graph/elementwise.hpp', self.STRING + self.TEXT)
        self.fails('second', self.HUB + self.USE, self.USE, 3, 3)

    def test_no_headers(self):
        self.assertEqual(run(sys.executable, '-B', HERE / 'headers.py', self.root, 'c++')[0], 1)


class Planted(Tree):
    def check(self, launched='tg::cuda::Copy>, tg::cuda::Convolve<G>'):
        self.write('tests/run/cuda/faults.cpp', '// "Copy", "Convolve"\n')
        self.write('tests/static/cuda.cpp', f'// {launched}\n')
        return run(sys.executable, HERE / 'planted.py', self.root)

    def kernels(self, body):
        self.header('backends/cuda/kernels/some.hpp',
                    'struct Copy {\n  static constexpr int threads = 64;\n  int tiles();\n};\n' + body)

    def test_kernels_that_a_test_names(self):
        self.kernels('struct Sums {\n  static constexpr int elements = 2, threads = 32;\n  int tiles();\n};\n'
                     'struct Convolve : detail::Sums<G> {};\nstruct Extents {\n  int threads;\n};\n')
        self.assertEqual(self.check(), (0, '2 kernels, 0 without a test\n'))

    def test_one_that_nvcc_does_not_compile(self):
        self.kernels('')
        status, output = self.check('tg::cuda::CopyInFours<4>')
        self.assertEqual(status, 1, output)
        self.assertIn('some.hpp: nvcc does not compile Copy', output)

    def test_one_that_no_test_names(self):
        self.kernels('struct Sort {\n  static constexpr int threads = 32;\n  int tiles();\n};\n')
        status, output = self.check()
        self.assertEqual(status, 1, output)
        self.assertIn('some.hpp: no fault is planted in Sort', output)

    def test_no_kernels(self):
        self.assertEqual(self.check()[0], 1)


class Texts(Tree):
    def setUp(self):
        super().setUp()
        self.write('include/typegrad/core/math.hpp', 'namespace tg::math {\nfirst\n}  // namespace tg::math\n')
        self.write('include/typegrad/graph/meaning.hpp', '  switch (op) {\ncase\n  }\n')
        self.write('include/typegrad/backends/reference/reductions.hpp',
                   '// Is x a better maximum?\nexceeds\n// attributes[0]\n')
        self.write('include/typegrad/runtime/header/texts.hpp', '')

    def check(self, *options):
        return run(sys.executable, HERE / 'texts.py', *options, self.root)

    def test_a_difference_and_its_update(self):
        self.assertEqual(self.check()[0], 1)
        self.assertEqual(self.check('--update')[0], 0)
        self.assertEqual(self.check()[0], 0)
        self.write('include/typegrad/graph/meaning.hpp', '  switch (op) {\nother\n  }\n')
        status, output = self.check()
        self.assertEqual(status, 1)
        self.assertIn('texts.hpp differs', output)


class Quotes(Tree):
    SOURCE = 'int a;\n  // [network]\n  using Net =\n      int;  // one\n  // [/network]\nint b;\n'
    QUOTE = '# Title\n<!-- quote: examples/01.cpp network -->\n```cpp\n{}\n```\nText.\n'
    RIGHT = QUOTE.format('using Net =\n    int;  // one')

    def check(self, *options):
        return run(sys.executable, HERE / 'quotes.py', *options, self.root)

    def setUp(self):
        super().setUp()
        self.write('examples/01.cpp', self.SOURCE)

    def test_right_quotes(self):
        self.write('README.md', self.RIGHT)
        self.write('docs/deep/tutorial.md', self.RIGHT)
        self.assertEqual(self.check(), (0, '2 documents, 2 quotes, 0 faults\n'))

    def test_a_difference_and_its_update(self):
        document = self.write('docs/tutorial.md', self.QUOTE.format('using Net = int;'))
        status, output = self.check()
        self.assertEqual(status, 1)
        self.assertIn('docs/tutorial.md:2: differs from examples/01.cpp [network]', output)
        self.assertIn('-using Net = int;', output)
        self.assertEqual(self.check('--update')[0], 0)
        self.assertEqual(document.read_text(encoding='utf-8'), self.RIGHT)
        self.assertEqual(self.check()[0], 0)

    def test_what_cannot_be_quoted(self):
        for text, words in [(self.RIGHT.replace('01.cpp', '02.cpp'), 'there is no examples/02.cpp'),
                            (self.RIGHT.replace('cpp network', 'cpp other'), 'does not mark one part'),
                            (self.RIGHT.replace('```', ''), 'no fenced block'),
                            (self.RIGHT.replace(' network -->', ' -->'), 'not `<!-- quote: file marker -->`')]:
            for options in [], ['--update']:
                with self.subTest(words=words, options=options):
                    self.write('README.md', text)
                    status, output = self.check(*options)
                    self.assertEqual(status, 1, output)
                    self.assertIn(words, output)


class Paths(Tree):
    def check(self, text):
        self.write('docs/page.md', text)
        return run(sys.executable, HERE / 'paths.py', self.root)

    def setUp(self):
        super().setUp()
        self.write('tests/run/ops/table.hpp', '')
        self.header('io/npz.hpp')

    def test_what_is_there(self):
        text = '`tests/run/ops/table.hpp` `tests/run/*/*.hpp` `io/npz.hpp` `<typegrad/io/npz.hpp>` [this](page.md#top)'
        self.assertEqual(self.check(text + ' [there](https://example.org) `a / b` `tests`'),
                         (0, '1 documents, 5 paths, 0 faults\n'))
        self.assertEqual(self.check('```\n`tests/none.cpp`\n```\n')[0], 0)

    def test_what_is_not(self):
        for path in ('tests/run/ops/other.hpp', 'tests/fail/*.cpp', 'io/npy.hpp', 'typegrad/io/npy.hpp'):
            with self.subTest(path):
                status, output = self.check(f'# Page\n\nSee `{path}`.\n')
                self.assertEqual(status, 1, output)
                self.assertIn(f'docs/page.md:3: there is no {path}', output)
        self.assertIn('there is no other.md', self.check('[other](other.md)')[1])


class Format(Tree):
    def test_both_ways(self):
        shutil.copy(HERE.parents[1] / '.clang-format', self.root)
        self.write('include/good.hpp', '// A caption.\nint* pointer = nullptr;\n')
        status, output = run('bash', HERE / 'format.sh', self.root)
        if status == 77:
            self.skipTest(output)
        self.assertEqual((status, output), (0, '1 files\n'))
        self.write('tests/bad.cpp', 'int *pointer=nullptr;\n')
        status, output = run('bash', HERE / 'format.sh', self.root)
        self.assertEqual(status, 1)
        self.assertIn('tests/bad.cpp:1:', output)


class Tidy(Tree):
    BODY = ('#include <string>\n#include <utility>\n'
            'inline std::string f(std::string a) {{\n  std::string b = std::move(a);\n  return {};\n}}\n')

    def check(self, result):
        shutil.copy(HERE.parents[1] / '.clang-tidy', self.root)
        self.header('core/move.hpp', self.BODY.format(result))
        self.header('typegrad.hpp', '#include "typegrad/core/move.hpp"\n')
        status, output = run('bash', HERE / 'tidy.sh', self.root)
        if status == 77:
            self.skipTest(output)
        return status, output

    def test_good_code(self):
        self.assertEqual(self.check('b')[0], 0)

    def test_use_after_move(self):
        status, output = self.check('a + b')
        self.assertEqual(status, 1)
        self.assertIn('core/move.hpp:8:10: error: \'a\' used after it was moved', output)


class Symbols(Tree):
    WORD = 'word_of_the_layer' * 30

    def check(self, text):
        source = self.write('program.cpp', text)
        compiler = os.environ.get('CXX', 'c++')
        subprocess.run([compiler, source, '-o', self.root / 'program'], check=True)
        return run('bash', HERE / 'symbols.sh', self.root / 'program')

    def test_short_symbols(self):
        status, output = self.check('namespace tg::cpu { void kernel() {} } int main() { tg::cpu::kernel(); }')
        self.assertEqual((status, output), (0, '1 symbols, the longest has 19 characters\n'))

    def test_a_long_kernel(self):
        status, output = self.check(f'namespace tg {{ struct {self.WORD} {{}}; namespace cpu {{ void kernel({self.WORD})'
                                    ' {} } } int main() { tg::cpu::kernel({}); }')
        self.assertEqual(status, 1)
        self.assertIn('1 symbols longer than 400 characters', output)
        self.assertIn('tg::cpu::kernel', output)

    def test_the_inline_edge_does_not_count(self):
        for space, name in (('', 'Model'), ('', 'Trainer'), ('', 'Function'), ('', 'Shared'),
                            ('namespace runtime {', 'ProgramOf')):
            with self.subTest(name):
                status, output = self.check(f'namespace tg {{ struct {self.WORD} {{}}; void f() {{}} {space}'
                                            f' template <class> struct {name} {{ void run(); }};'
                                            f' template <> void {name}<{self.WORD}>::run() {{}} {"}" if space else ""} }}'
                                            'int main() {}')
                self.assertEqual(status, 0, output)

    def test_a_kernel_of_the_inline_edge(self):
        status, output = self.check(f'namespace tg {{ struct {self.WORD} {{}}; template <class> struct Model {{}};'
                                    f' namespace cpu {{ void kernel(Model<{self.WORD}>) {{}} }} }}'
                                    'int main() { tg::cpu::kernel({}); }')
        self.assertEqual(status, 1)
        self.assertIn('tg::cpu::kernel', output)

    def test_a_program_of_others(self):
        status, output = self.check('int main() {}')
        self.assertEqual(status, 1)
        self.assertIn('no symbols of typegrad', output)


class Kernels(Tree):
    def check(self, *texts):
        objects = [self.root / f'{i}.o' for i in range(len(texts))]
        for path, text in zip(objects, texts):
            source = self.write('program.cpp', 'namespace tg::cpu {' + text + '}')
            subprocess.run([os.environ.get('CXX', 'c++'), '-std=c++20', '-c', source, '-o', path], check=True)
        return run('bash', HERE / 'kernels.sh', *objects)

    ONE = 'inline namespace avx2 { void product() {} }'
    TWO = 'inline namespace avx2 { void product() {} void reduce() {} }'

    def test_the_same_kernels(self):
        status, output = self.check(self.TWO, self.TWO + 'void executor() {}')
        self.assertEqual((status, output), (0, '2 and 2 kernels\n'))

    def test_one_kernel_more(self):
        for texts in ((self.ONE, self.TWO), (self.TWO, self.ONE)):
            status, output = self.check(*texts)
            self.assertEqual(status, 1)
            self.assertIn('only in one of them:\ntg::cpu::avx2::reduce()\n', output)

    def test_another_kernel(self):
        status, output = self.check(self.ONE, self.ONE.replace('product', 'reduce'))
        self.assertEqual(status, 1)
        self.assertIn('1 and 1 kernels', output)

    def test_programs_of_others(self):
        status, output = self.check('void executor() {}', 'void executor() {}')
        self.assertEqual(status, 1)
        self.assertIn('no kernels of typegrad', output)


if __name__ == '__main__':
    unittest.main()
