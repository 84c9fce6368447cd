// Derivatives of more than one number: products with Jacobians, Jacobians, Hessians.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/moves.hpp"
#include "typegrad/passes/gradient.hpp"

namespace tg {

// v' dy/dx, of x's shape: the gradient of y . v with v held constant (Theano's L-operator; reverse
// mode). y any symbol, v of its shape or broadcast to it. Where y is per sample and x is shared,
// summed over the samples. Faults: shapes_do_not_match, disconnected_gradient, not_differentiable,
// needs_floating.
constexpr Var vjp(Operand y, Var x, Var v) {
  ir::check_derivative(y, x, true);
  ir::same_dtype("vjp", y, v);
  if (v.per_sample() && !y.per_sample()) v = batch_sum(v);
  return ir::derivative(ir::operands(y, x, broadcast(v, y.shape())), x);
}

// dy/dx v, of y's shape: how y changes when x moves along v (Theano's R-operator; forward mode). v
// of x's shape or broadcast to it. vjp(y, x, w) is linear in w, so its derivative with respect to w
// is what is asked for, whatever w is (J. Townsend, "A new trick for calculating Jacobian vector
// products", 2017). Where x is per sample, y must be, too. Faults as for vjp.
constexpr Var jvp(Operand y, Var x, Var v) {
  ir::Builder* r = y.builder();
  // A symbol like y that is no other one.
  const Var w = ir::emit(r, Op::stop_gradient, y.shape(), y.dtype(), ir::operands(y),
                         {std::int16_t(r->graph.size())});
  return vjp(vjp(y, x, w), w, v);
}

// The second derivative of `cost`, one number, times v, of x's shape: d/dx (dcost/dx . v). Faults
// as for grad and vjp.
constexpr Var hessian_vector_product(Operand cost, Var x, Var v) {
  return jvp(grad(cost, x), x, v);
}

namespace ir {

// 1 at element i, 0 elsewhere.
constexpr Var unit(Var like, int i) {
  const Var places = iota(like.builder(), like.shape().size(), i32);
  return reshape(cast(equal(places, i), like.dtype()), like.shape());
}

// `count` slices from `first` on, side by side along `axis`.
template <class Slice>
constexpr Var join_slices(Slice slice, int first, int count, int axis) {
  if (count == 1) return slice(first);
  const int half = count / 2;
  return concatenate(
      {join_slices(slice, first, half, axis), join_slices(slice, first + half, count - half, axis)},
      axis);
}

}  // namespace ir

// dy[i]/dx[j], of y's extents followed by x's. A sweep for each element of y, or, where y is per
// sample and x is shared, two for each element of x: for small ones. Of a per-sample x, the block
// of each sample with itself. Faults: rank_too_large, and as for vjp.
constexpr Var jacobian(Operand y, Var x) {
  Shape shape = y.shape();
  for (int axis = 0; axis < x.shape().rank(); ++axis) shape.append(x.shape()[axis]);
  if (shape.rank() > Shape::max_rank) {
    y.builder()->fail({.kind = FaultKind::rank_too_large, .got = shape});
    return y;
  }
  const int rows = y.shape().size(), columns = x.shape().size();
  if (y.per_sample() && !x.per_sample()) {
    const auto column = [&](int j) { return reshape(jvp(y, x, ir::unit(x, j)), {rows, 1}); };
    return reshape(ir::join_slices(column, 0, columns, 1), shape);
  }
  const auto row = [&](int i) { return reshape(vjp(y, x, ir::unit(y, i)), {1, columns}); };
  return reshape(ir::join_slices(row, 0, rows, 0), shape);
}

// The second derivatives of `cost`, one number: x's extents twice. Faults as for grad and jacobian.
constexpr Var hessian(Operand cost, Var x) { return jacobian(grad(cost, x), x); }

}  // namespace tg
