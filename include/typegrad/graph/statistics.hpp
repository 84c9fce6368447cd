// Reductions that are made of others: products, extremes, spreads, lengths, running sums.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/graph/moves.hpp"

namespace tg {

// The smallest along the axes. As all here, axes as sum takes them: 1, {0, -1}, tg::within; with
// tg::keep_dims they stay.
constexpr Var min(Operand x, Axes axes) { return -max(-x, axes); }
constexpr Var min(Operand x, Axes axes, KeepDims) { return -max(-x, axes, keep_dims); }
// As argmax: the first of equals.
constexpr Var argmin(Operand x, int axis) { return argmax(-x, axis); }
constexpr Var argmin(Operand x) { return argmax(-x); }

namespace ir {

// Elements along one axis are combined in pairs, the pairs in pairs: rounding grows with the
// logarithm of their number, and every factor's gradient is the product of the others, 0 or not.
constexpr Var multiply_along(Var x, int axis) {
  for (int extent = x.shape()[axis]; extent > 1; extent = x.shape()[axis]) {
    const int half = extent / 2;
    const Var pairs = slice(x, axis, 0, half) * slice(x, axis, half, half);
    x = extent % 2 == 0 ? pairs : concatenate({pairs, slice(x, axis, extent - 1, 1)}, axis);
  }
  return x;
}

}  // namespace ir

// The product along the axes.
constexpr Var prod(Operand x, Axes axes, KeepDims) {
  ir::check_operand(Op::multiply, x);
  const int mask = axes.mask(x);
  for (int axis = 0; axis < x.shape().rank(); ++axis)
    if ((mask >> axis & 1) != 0) x = ir::multiply_along(x, axis);
  return x;
}
constexpr Var prod(Operand x, Axes axes) {
  return reshape(prod(x, axes, keep_dims), ir::without_axes(x.shape(), axes.mask(x)));
}

// The mean of (x - mean(x))^2, or, with `correction` 1, the sum divided by one less than there are
// (PyTorch's default; NumPy's ddof).
constexpr Var variance(Operand x, Axes axes, KeepDims, int correction = 0) {
  const Var squares = square(x - mean(x, axes, keep_dims));
  const int count = x.shape().size() / ir::without_axes(x.shape(), axes.mask(x)).size();
  return sum(squares, axes, keep_dims) * (1.0 / (count - correction));
}
constexpr Var variance(Operand x, Axes axes, int correction = 0) {
  return reshape(variance(x, axes, keep_dims, correction),
                 ir::without_axes(x.shape(), axes.mask(x)));
}
constexpr Var standard_deviation(Operand x, Axes axes, KeepDims, int correction = 0) {
  return sqrt(variance(x, axes, keep_dims, correction));
}
constexpr Var standard_deviation(Operand x, Axes axes, int correction = 0) {
  return sqrt(variance(x, axes, correction));
}

// The square root of the sum of squares; at 0 its gradient is 0.
constexpr Var norm(Operand x, Axes axes) {
  const Var squares = sum(square(x), axes), zero = equal(squares, 0);
  return select(zero, 0, sqrt(select(zero, 1, squares)));
}
constexpr Var norm(Operand x, Axes axes, KeepDims) { return ir::keep(norm(x, axes), axes, x); }

// log(sum(exp(x))) along the axes; nothing overflows.
constexpr Var logsumexp(Operand x, Axes axes, KeepDims) {
  const Var largest = stop_gradient(max(x, axes, keep_dims));
  const Var shift = select(is_finite(largest), largest, 0);
  return log(sum(exp(x - shift), axes, keep_dims)) + shift;
}
constexpr Var logsumexp(Operand x, Axes axes) {
  return reshape(logsumexp(x, axes, keep_dims), ir::without_axes(x.shape(), axes.mask(x)));
}

namespace ir {

// Element i is combined with those up to it: with those at most 1, 3, 7, … before it, until it is
// with all (W. Hillis and G. Steele, "Data parallel algorithms", 1986).
template <class Combine>
constexpr Var running(Var x, int axis, Combine combine) {
  if (!axis_exists(x, axis)) return x;
  const int extent = x.shape()[axis];
  for (int step = 1; step < extent; step *= 2) {
    const Var first = slice(x, axis, 0, step), rest = slice(x, axis, step, extent - step);
    x = concatenate({first, combine(rest, slice(x, axis, 0, extent - step))}, axis);
  }
  return x;
}

}  // namespace ir

// Element i is the sum, or the product, of x's elements 0 … i along the axis.
constexpr Var cumsum(Operand x, int axis) {
  return ir::running(ir::countable(x), axis, [](Var a, Var b) { return a + b; });
}
constexpr Var cumprod(Operand x, int axis) {
  return ir::running(x, axis, [](Var a, Var b) { return a * b; });
}

}  // namespace tg
