// Products of matrices and vectors: of what samples share, of one sample's, or of both.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/tensor.hpp"

namespace tg {

namespace ir {

// (…, rows, depth) x (…, depth, columns), for each of `batches` places of the leading axes, which
// are the same. An operand whose attribute is set has its last two axes swapped. A vector b is one
// column.
struct ProductExtents {
  int batches = 1, rows = 1, columns = 1, depth = 1;
  bool fits = false;  // the leading axes are the same, and so is the depth

  static constexpr ProductExtents of(const Shape& a, const Shape& b, const Attributes& swapped) {
    const int last = a.rank() - 1;
    const bool vector = b.rank() == 1;
    if (last < 1 || b.rank() != (vector && last == 1 ? 1 : a.rank())) return {};
    const bool ta = swapped[0] != 0, tb = swapped[1] != 0 && !vector;
    ProductExtents e{.batches = a.product(0, last - 1),
                     .rows = a[ta ? last : last - 1],
                     .columns = vector ? 1 : b[tb ? last - 1 : last],
                     .depth = a[ta ? last - 1 : last]};
    e.fits = e.depth == (vector ? b[0] : b[tb ? last : last - 1]);
    for (int axis = 0; axis < last - 1; ++axis) e.fits = e.fits && a[axis] == b[axis];
    return e;
  }

  // The shape of the product.
  constexpr Shape result(const Shape& a, const Shape& b) const {
    Shape shape;
    for (int axis = 0; axis < a.rank() - 2; ++axis) shape.append(a[axis]);
    shape.append(rows);
    if (b.rank() > 1) shape.append(columns);
    return shape;
  }
};

// Pre: the extents fit.
constexpr Var matmul(Var a, Var b, bool transpose_a, bool transpose_b) {
  const Attributes swapped{std::int16_t(transpose_a), std::int16_t(transpose_b)};
  const ProductExtents e = ProductExtents::of(a.shape(), b.shape(), swapped);
  return emit(a.recording(), Op::matmul, e.result(a.shape(), b.shape()), a.dtype(), operands(a, b),
              swapped);
}

// The leading axes of x and those of y broadcast to each other, then the last two of x; false when
// they do not fit.
constexpr bool broadcast_leading(const Shape& x, const Shape& y, Shape& result) {
  Shape leading_x, leading_y;
  for (int axis = 0; axis < x.rank() - 2; ++axis) leading_x.append(x[axis]);
  for (int axis = 0; axis < y.rank() - 2; ++axis) leading_y.append(y[axis]);
  if (!broadcast_shape(leading_x, leading_y, result)) return false;
  result.append(x[x.rank() - 2]);
  result.append(x[x.rank() - 1]);
  return true;
}

}  // namespace ir

// x with its last two axes swapped: of a matrix, its transpose. In a product it costs nothing.
constexpr Var transpose(Var x) {
  const int rank = x.shape().rank();
  if (!ir::axis_exists(x, 1)) return x;
  ir::Attributes order{};
  Shape shape;
  for (int axis = 0; axis < rank; ++axis) {
    order[axis] = std::int16_t(axis < rank - 2 ? axis : 2 * rank - 3 - axis);
    shape.append(x.shape()[order[axis]]);
  }
  return ir::emit(x.recording(), Op::transpose, shape, x.dtype(), ir::operands(x), order);
}

// As numpy's and PyTorch's: (…, m, k) x (…, k, n) is (…, m, n), a product for each place of the
// leading axes, which are broadcast to each other; (…, m, k) x (k) is (…, m), (m) x (m, n) is (n).
// Per sample where one of them is. y = x W' of tokens x (t, k) and weights W (n, k):
// matmul(x, transpose(W)). Fault: extents_do_not_chain.
constexpr Var matmul(Var a, Var b) {
  ir::same_dtype(a, b);
  const Shape x = a.shape(), y = b.shape();
  const auto fault = [&] {
    a.recording()->fail({.kind = FaultKind::extents_do_not_chain, .got = x, .wanted = y});
    return a;
  };
  if (x.rank() == 1 && y.rank() == 2) return x[0] == y[0] ? ir::matmul(b, a, true, false) : fault();
  const int last = x.rank() - 1;
  if (last < 1 || y.rank() < 1 || x[last] != y[y.rank() < 2 ? 0 : y.rank() - 2]) return fault();
  if (last == 1 && y.rank() <= 2) return ir::matmul(a, b, false, false);
  if (y.rank() <= 2) {  // one matrix for all leading axes: they are rows of one product
    Shape shape = x;
    shape.set(last, y[y.rank() - 1]);
    if (y.rank() == 1) shape = ir::without_axes(x, 1 << last);
    return reshape(matmul(reshape(a, {x.product(0, last), x[last]}), b), shape);
  }
  Shape left, right;
  if (!ir::broadcast_leading(x, y, left) || !ir::broadcast_leading(y, x, right)) return fault();
  return ir::matmul(broadcast(a, left), broadcast(b, right), false, false);
}

// a[i] * b[j]: a (m), b (n), result (m, n).
constexpr Var outer(Var a, Var b) {
  ir::same_dtype(a, b);
  if (a.shape().rank() != 1 || b.shape().rank() != 1) {
    a.recording()->fail(
        {.kind = FaultKind::extents_do_not_chain, .got = a.shape(), .wanted = b.shape()});
    return a;
  }
  return ir::emit(a.recording(), Op::outer, {a.shape()[0], b.shape()[0]}, a.dtype(),
                  ir::operands(a, b));
}

}  // namespace tg
