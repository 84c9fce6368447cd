// The reference's matrix rows against index formulas and closed forms.
// SPDX-License-Identifier: MIT
#include "tests/run/reference/lab.hpp"

namespace tg::test {

TEST_CASE("products by hand", "[reference]") {
  Lab<double> lab;
  const Var a = lab.shared({2, 3}, {1, 2, 3, 4, 5, 6}), x = lab.shared({3}, {1, 0, -1}),
            y = lab.shared({2}, {1, 10});
  CHECK(lab(matmul(a, x)) == Numbers<double>{-2, -2});
  CHECK(lab(matmul(y, a)) == Numbers<double>{41, 52, 63});
  CHECK(lab(matmul(a, transpose(a, {1, 0}))) == Numbers<double>{14, 32, 32, 77});
  CHECK(lab(outer(y, x)) == Numbers<double>{1, 0, -1, 10, 0, -10});
}

TEMPLATE_TEST_CASE("products of every shape and transposition", "[reference]", float, double) {
  using T = TestType;
  for (int rows : {1, 2, 7})
    for (int depth : {1, 3, 64})
      for (int columns : {0, 1, 5})  // 0: b is a vector
        for (int transposed = 0; transposed < (columns == 0 ? 2 : 4); ++transposed) {
          const bool ta = (transposed & 1) != 0, tb = (transposed & 2) != 0;
          const int width = columns == 0 ? 1 : columns;
          INFO(rows << " x " << depth << " x " << columns << ", transposed " << transposed);
          const Numbers<T> a = noise<T>(rows * depth, 1), b = noise<T>(depth * width, 2);
          Numbers<T> expected;
          for (int i = 0; i < rows; ++i)
            for (int j = 0; j < width; ++j) {
              double sum = 0;
              for (int k = 0; k < depth; ++k)
                sum += double(ta ? a[k * rows + i] : a[i * depth + k]) *
                       double(tb ? b[j * depth + k] : b[k * width + j]);
              expected.push_back(T(sum));
            }
          Lab<T> lab;
          const Var left = lab.shared(ta ? Shape{depth, rows} : Shape{rows, depth}, a);
          const Var right = lab.shared(columns == 0 ? Shape{depth}
                                       : tb         ? Shape{columns, depth}
                                                    : Shape{depth, columns},
                                       b);
          CHECK(distance(lab(ir::matmul(left, right, ta, tb)), expected) <= tolerance<T>(depth));
        }
}

TEST_CASE("products at each place of the leading axes, which broadcast", "[reference]") {
  Lab<double> lab;
  const Var a = lab.shared({2, 1, 2}, {1, 2, 3, 4}), b = lab.shared({2, 2, 1}, {5, 6, 7, 8}),
            m = lab.shared({2, 2}, {1, 0, 2, 1}), v = lab.shared({2}, {1, -1});
  CHECK(lab(matmul(a, b)) == Numbers<double>{17, 53});
  CHECK(lab(matmul(b, a)) == Numbers<double>{5, 10, 6, 12, 21, 28, 24, 32});
  CHECK(lab(matmul(a, m)) == Numbers<double>{5, 2, 11, 4});
  CHECK(lab(matmul(m, b)) == Numbers<double>{5, 16, 7, 22});
  CHECK(lab(matmul(a, transpose(a))) == Numbers<double>{5, 25});
  CHECK(lab(matmul(a, v)) == Numbers<double>{-1, -1});
  CHECK(matmul(a, m).shape() == Shape{2, 1, 2});
  CHECK(matmul(a, v).shape() == Shape{2, 1});
}

namespace {

template <class T>
Var orthogonal(Lab<T>& lab, const Shape& shape, const Numbers<T>& numbers) {
  const Var x = lab.shared(shape, numbers);
  return ir::emit(x.builder(), Op::orthogonal, shape, x.dtype(), ir::operands(x));
}

}  // namespace

TEST_CASE("orthogonal is torch.nn.init.orthogonal_'s Q", "[reference]") {
  Lab<double> lab;
  // The columns of a square matrix, by hand: (3, 4) / 5, then (1, 2) less its shadow.
  CHECK(distance(lab(orthogonal<double>(lab, {2, 2}, {3, 1, 4, 2})), {0.6, -0.8, 0.8, 0.6}) <
        1e-15);
  CHECK(distance(lab(orthogonal<double>(lab, {2, 2}, {-3, 1, -4, 2})), {-0.6, -0.8, -0.8, 0.6}) <
        1e-15);
  CHECK(distance(lab(orthogonal<double>(lab, {1, 3}, {2, -1, 2})), {2 / 3.0, -1 / 3.0, 2 / 3.0}) <
        1e-15);
  CHECK(distance(lab(orthogonal<double>(lab, {3, 1}, {2, -1, 2})), {2 / 3.0, -1 / 3.0, 2 / 3.0}) <
        1e-15);
}

TEMPLATE_TEST_CASE("orthogonal makes orthonormal rows or columns", "[reference]", float, double) {
  using T = TestType;
  for (const Shape& shape : {Shape{1, 1}, Shape{5, 5}, Shape{3, 20}, Shape{20, 3}, Shape{64, 60}}) {
    INFO(shape[0] << " x " << shape[1]);
    Lab<T> lab;
    const bool by_rows = shape[0] < shape[1];
    const Var x = lab.shared(shape, noise<T>(shape.size(), 4));
    const Var q = ir::emit(x.builder(), Op::orthogonal, shape, x.dtype(), ir::operands(x));
    const int count = by_rows ? shape[0] : shape[1];
    Numbers<T> unit(std::size_t(count * count));
    for (int i = 0; i < count; ++i) unit[i * (count + 1)] = 1;
    const Numbers<T> squares =
        lab(by_rows ? ir::matmul(q, q, false, true) : ir::matmul(q, q, true, false));
    CHECK(distance(squares, unit) <= tolerance<T>());

    // R of x = Q R (or of its transpose): nothing below the diagonal, which is positive.
    const Numbers<T> r =
        lab(by_rows ? ir::matmul(q, x, false, true) : ir::matmul(q, x, true, false));
    for (int i = 0; i < count; ++i) {
      CHECK(r[i * (count + 1)] > 0);
      for (int j = 0; j < i; ++j) CHECK(std::abs(double(r[i * count + j])) <= tolerance<T>(64));
    }
  }
}

}  // namespace tg::test
