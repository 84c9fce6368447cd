// Operations along axes: shapes, reductions, softmax, indices.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/elementwise.hpp"

namespace tg {

// Says that a reduction covers every axis of a sample, but not the samples: sum(x, tg::within).
struct Within {};
inline constexpr Within within{};

// The number of samples of this call, as a symbol of shape {}.
constexpr Var sample_count(ir::Builder* r) {
  return ir::emit(r, Op::samples, {}, r->floating, {-1, -1, -1});
}

constexpr Var reshape(Var x, const Shape& shape) {
  if (x.shape() == shape) return x;
  if (x.shape().size() != shape.size()) {
    x.recording()->fail(
        {.kind = FaultKind::reshape_changes_size, .got = x.shape(), .wanted = shape});
    return constant(x.recording(), 0, shape, x.dtype());
  }
  return ir::emit(x.recording(), Op::reshape, shape, x.dtype(), ir::operands(x));
}

constexpr Var flatten(Var x) { return reshape(x, {x.shape().size()}); }

// Axis i of the result is axis order[i] of x.
constexpr Var transpose(Var x, std::initializer_list<int> order) {
  ir::Attributes attributes{};
  Shape shape;
  int axis = 0;
  for (int from : order) {
    if (from < 0 || from >= x.shape().rank() || int(order.size()) != x.shape().rank()) {
      x.recording()->fail(
          {.kind = FaultKind::axis_out_of_range, .got = x.shape(), .numbers = {from}});
      return x;
    }
    attributes[axis++] = std::int16_t(from);
    shape.append(x.shape()[from]);
  }
  return ir::emit(x.recording(), Op::transpose, shape, x.dtype(), ir::operands(x), attributes);
}

namespace ir {

constexpr Shape without_axes(const Shape& shape, int mask) {
  Shape result;
  for (int axis = 0; axis < shape.rank(); ++axis)
    if ((mask >> axis & 1) == 0) result.append(shape[axis]);
  return result;
}

constexpr int all_axes(const Shape& shape) { return (1 << shape.rank()) - 1; }

constexpr bool axis_exists(Var x, int axis) {
  if (axis >= 0 && axis < x.shape().rank()) return true;
  x.recording()->fail({.kind = FaultKind::axis_out_of_range, .got = x.shape(), .numbers = {axis}});
  return false;
}

constexpr int mask_of(Var x, std::initializer_list<int> axes) {
  int mask = 0;
  for (int axis : axes)
    if (axis_exists(x, axis)) mask |= 1 << axis;
  return mask;
}

// Over the axes in `mask`, which disappear.
constexpr Var reduce(Op op, Var x, int mask) {
  if (mask == 0) return x;
  return emit(x.recording(), op, without_axes(x.shape(), mask), x.dtype(), operands(x),
              {std::int16_t(mask)});
}

// The node x, summed over the samples of the call: shared. A shared x is the same for all: n times
// itself.
constexpr Var sum_across(Var x) {
  Builder* r = x.recording();
  if (!x.per_sample()) return x * cast(sample_count(r), x.dtype());
  Node node = Node{.op = Op::identity,
                   .dtype = x.dtype(),
                   .across = true,
                   .scope = x.node().scope,
                   .operand = operands(x),
                   .shape = x.shape()};
  return {r, r->append(node)};
}

}  // namespace ir

// Within each sample, over the given axes; they disappear.
constexpr Var sum(Var x, std::initializer_list<int> axes) {
  return ir::reduce(Op::sum, x, ir::mask_of(x, axes));
}
constexpr Var sum(Var x, int axis) { return sum(x, {axis}); }
constexpr Var sum(Var x, Within) { return ir::reduce(Op::sum, x, ir::all_axes(x.shape())); }
constexpr Var max(Var x, std::initializer_list<int> axes) {
  return ir::reduce(Op::max, x, ir::mask_of(x, axes));
}
constexpr Var max(Var x, int axis) { return max(x, {axis}); }

constexpr Var mean(Var x, std::initializer_list<int> axes) {
  const int mask = ir::mask_of(x, axes);
  const Var total = ir::reduce(Op::sum, x, mask);
  return total * (1.0 / (x.shape().size() / total.shape().size()));
}
constexpr Var mean(Var x, int axis) { return mean(x, {axis}); }
constexpr Var mean(Var x, Within) { return sum(x, within) * (1.0 / x.shape().size()); }

// Across the samples only: element by element, shared.
constexpr Var batch_sum(Var x) { return ir::sum_across(x); }
constexpr Var batch_mean(Var x) {
  if (!x.per_sample()) return x;
  return batch_sum(x) / cast(sample_count(x.recording()), x.dtype());
}

// Everything, samples included: one shared number.
constexpr Var sum(Var x) { return batch_sum(sum(x, within)); }
constexpr Var mean(Var x) { return batch_mean(mean(x, within)); }

// The index of the largest element along `axis`, the first of equals, as i32.
constexpr Var argmax(Var x, int axis = 0) {
  if (!ir::axis_exists(x, axis)) return x;
  return ir::emit(x.recording(), Op::argmax, ir::without_axes(x.shape(), 1 << axis), DType::i32,
                  ir::operands(x), {std::int16_t(1 << axis)});
}

// exp(x) / sum(exp(x)) along the last axis, or along `axis`; and its logarithm.
constexpr Var softmax(Var x, int axis = -1) {
  if (axis < 0) axis += x.shape().rank();
  if (!ir::axis_exists(x, axis)) return x;
  return ir::emit(x.recording(), Op::softmax, x.shape(), x.dtype(), ir::operands(x),
                  {std::int16_t(axis)});
}
constexpr Var log_softmax(Var x, int axis = -1) {
  if (axis < 0) axis += x.shape().rank();
  if (!ir::axis_exists(x, axis)) return x;
  return ir::emit(x.recording(), Op::log_softmax, x.shape(), x.dtype(), ir::operands(x),
                  {std::int16_t(axis)});
}

// (extent): 0, 1, 2, … Shared, a constant: reshaped and broadcast it numbers any axis.
constexpr Var iota(ir::Builder* r, int extent, DType dtype = DType::floating) {
  if (extent < 1) r->fail({.kind = FaultKind::extent_not_positive, .wanted = {extent}});
  return ir::emit(r, Op::iota, {extent < 1 ? 1 : extent},
                  dtype == DType::floating ? r->floating : dtype, {-1, -1, -1});
}

// x[label]: x (classes), label one integer per sample in 0 … classes-1. Shape {}.
constexpr Var pick(Var x, Var label) {
  if (x.shape().rank() != 1 || label.shape().rank() != 0) {
    x.recording()->fail(
        {.kind = FaultKind::shapes_do_not_match, .got = x.shape(), .wanted = label.shape()});
    return x;
  }
  return ir::emit(x.recording(), Op::pick, {}, x.dtype(), ir::operands(x, label));
}
// table (rows, width), indices (…) integers in 0 … rows-1 -> (…, width): the rows that they choose.
// Faults: needs_integers, rank_too_large.
constexpr Var gather(Var table, Var indices) {
  ir::Builder* r = table.recording();
  if (indices.dtype() != i32 || table.shape().rank() != 2) {
    r->fail({.kind = FaultKind::needs_integers, .got = indices.shape()});
    return constant(r, 0, indices.shape(), table.dtype());
  }
  Shape shape = indices.shape();
  shape.append(table.shape()[1]);
  if (shape.rank() > Shape::max_rank) {
    r->fail({.kind = FaultKind::rank_too_large, .got = shape});
    return constant(r, 0, indices.shape(), table.dtype());
  }
  return ir::emit(r, Op::gather, shape, table.dtype(), ir::operands(indices, table));
}
// (classes): 1 at the label, 0 elsewhere.
constexpr Var one_hot(Var label, int classes, DType dtype = DType::floating) {
  if (dtype == DType::floating) dtype = label.recording()->floating;
  return ir::emit(label.recording(), Op::one_hot, {classes}, dtype, ir::operands(label));
}

}  // namespace tg
