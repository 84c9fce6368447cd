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
  return emit(a.builder(), Op::matmul, e.result(a.shape(), b.shape()), a.dtype(), operands(a, b),
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
constexpr Var transpose(Operand x) {
  const int rank = x.shape().rank();
  if (int last = 1; !ir::axis_exists(x, last)) return x;
  ir::Attributes order{};
  for (int axis = 0; axis < rank; ++axis)
    order[axis] = std::int16_t(axis < rank - 2 ? axis : 2 * rank - 3 - axis);
  return ir::permute(x, order);
}

// As numpy's and PyTorch's: (…, m, k) x (…, k, n) is (…, m, n), a product for each place of the
// leading axes, which are broadcast to each other; (…, m, k) x (k) is (…, m), (m) x (m, n) is (n),
// (m) x (m) a number.
// Per sample where one of them is. y = x W' of tokens x (t, k) and weights W (n, k):
// matmul(x, transpose(W)). Fault: extents_do_not_chain.
constexpr Var matmul(Operand a, Var b) {
  ir::check_operand(Op::multiply, a);
  ir::same_dtype("matmul", a, b);
  const Shape x = a.shape(), y = b.shape();
  const auto fault = [&] {
    a.builder()->fail(
        {.kind = FaultKind::extents_do_not_chain, .got = x, .wanted = y, .name = "matmul"});
    return a;
  };
  if (x.rank() == 1 && y.rank() == 1) return x == y ? sum(a * b, within) : fault();
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
constexpr Var outer(Operand a, Var b) {
  ir::check_operand(Op::multiply, a);
  ir::same_dtype("outer", a, b);
  if (a.shape().rank() != 1 || b.shape().rank() != 1) {
    a.builder()->fail({.kind = FaultKind::extents_do_not_chain,
                       .got = a.shape(),
                       .wanted = b.shape(),
                       .name = "outer"});
    return a;
  }
  return ir::emit(a.builder(), Op::outer, {a.shape()[0], b.shape()[0]}, a.dtype(),
                  ir::operands(a, b));
}

namespace ir {

// x with the `axes` (in this order) last, or first, as a matrix of the others and them.
constexpr Var as_matrix(Var x, std::initializer_list<int> axes, bool last, Shape& others) {
  Attributes order{};
  int mask = 0, at = 0, depth = 1;
  for (int axis : axes)
    if (axis_exists(x, axis)) mask |= 1 << axis, depth *= x.shape()[axis];
  const auto put_others = [&] {
    for (int axis = 0; axis < x.shape().rank(); ++axis)
      if ((mask >> axis & 1) == 0) order[at++] = std::int16_t(axis), others.append(x.shape()[axis]);
  };
  if (last) put_others();
  for (int axis : axes)
    if (axis_exists(x, axis)) order[at++] = std::int16_t(axis);
  if (!last) put_others();
  if (x.builder()->graph.fault) return x;
  const Var moved = permute(x, order);
  const int rest = x.shape().size() / depth;
  return last ? reshape(moved, {rest, depth}) : reshape(moved, {depth, rest});
}

}  // namespace ir

// The sum of products over axes of a paired with axes of b, in turn: the other extents of a, then
// those of b. Faults: axis_out_of_range, extents_do_not_chain, rank_too_large.
constexpr Var tensordot(Operand a, Var b, std::initializer_list<int> axes_a,
                        std::initializer_list<int> axes_b) {
  ir::Builder* r = a.builder();
  bool fits = axes_a.size() == axes_b.size();
  for (std::size_t i = 0; fits && i < axes_a.size(); ++i) {
    int in_a = axes_a.begin()[i], in_b = axes_b.begin()[i];
    if (!ir::axis_exists(a, in_a) || !ir::axis_exists(b, in_b)) return a;
    fits = a.shape()[in_a] == b.shape()[in_b];
  }
  if (!fits) {
    r->fail({.kind = FaultKind::extents_do_not_chain,
             .got = a.shape(),
             .wanted = b.shape(),
             .name = "tensordot"});
    return a;
  }
  Shape shape;
  const Var left = ir::as_matrix(a, axes_a, true, shape),
            right = ir::as_matrix(b, axes_b, false, shape);
  if (shape.rank() > Shape::max_rank) r->fail({.kind = FaultKind::rank_too_large, .got = shape});
  return r->graph.fault ? a : reshape(matmul(left, right), shape);
}

// As NumPy's: over the last axis of a and the last but one of b; of a vector its only one. Faults
// as for tensordot.
constexpr Var dot(Operand a, Var b) {
  const int rank_a = a.shape().rank(), rank_b = b.shape().rank();
  if (rank_a >= 1 && rank_a <= 2 && rank_b >= 1 && rank_b <= 2) return matmul(a, b);
  return tensordot(a, b, {-1}, {rank_b > 1 ? -2 : -1});
}
// Over the last axes of both.
constexpr Var inner(Operand a, Var b) { return tensordot(a, b, {-1}, {-1}); }

}  // namespace tg
