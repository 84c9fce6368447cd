// Operations along axes: shapes, reductions, softmax, indices.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/elementwise.hpp"

namespace tg {

// Axes are numbered from 0, without the samples; negative ones count from the end: -1 is the last.

// Says that a reduction covers every axis of a sample, but not the samples: sum(x, tg::within).
struct Within {};
inline constexpr Within within{};

// Says that reduced axes stay, with an extent of 1: sum(x, 0, tg::keep_dims).
struct KeepDims {};
inline constexpr KeepDims keep_dims{};

// What a reduction is over: sum(x, 0), sum(x, {0, -1}), sum(x, tg::within).
class Axes {
 public:
  constexpr Axes(int one) : axis{one}, count(1) {}
  constexpr Axes(std::initializer_list<int> axes) {
    for (int each : axes)
      if (count < Shape::max_rank) axis[count++] = each;
  }
  constexpr Axes(Within) : all(true) {}

  // A bit for each. Fault: axis_out_of_range.
  constexpr int mask(Var x) const;

 private:
  Array<int, Shape::max_rank> axis{};
  int count = 0;
  bool all = false;
};

// The number of samples of this call, as a symbol of shape {}.
constexpr Var sample_count(ir::Builder* r) {
  return ir::emit(r, Op::samples, {}, r->graph.floating, {-1, -1, -1});
}

// The same elements, in row-major order. An extent of -1 is what the others leave. Fault:
// reshape_changes_size.
constexpr Var reshape(Operand x, Shape shape) {
  if (x.shape() == shape) return x;
  for (int axis = 0, n = shape.rank(); axis < n && n <= Shape::max_rank; ++axis)
    if (const int rest = -shape.size();
        shape[axis] == -1 && rest > 0 && x.shape().size() % rest == 0) {
      shape.set(axis, x.shape().size() / rest);
      break;
    }
  if (x.shape().size() != shape.size()) {
    x.builder()->fail({.kind = FaultKind::reshape_changes_size, .got = x.shape(), .wanted = shape});
    return constant(x.builder(), 0, shape, x.dtype());
  }
  return ir::emit(x.builder(), Op::reshape, shape, x.dtype(), ir::operands(x));
}

constexpr Var flatten(Operand x) { return reshape(x, {x.shape().size()}); }

namespace ir {

constexpr Shape without_axes(const Shape& shape, int mask) {
  Shape result;
  for (int axis = 0; axis < shape.rank(); ++axis)
    if ((mask >> axis & 1) == 0) result.append(shape[axis]);
  return result;
}

constexpr int all_axes(const Shape& shape) { return (1 << shape.rank()) - 1; }

// Post: the axis counts from 0. `more`: axes that the result has beside those of x. Fault:
// axis_out_of_range.
constexpr bool axis_exists(Var x, int& axis, int more = 0) {
  const int rank = x.shape().rank() + more, from_front = axis < 0 ? axis + rank : axis;
  if (from_front >= 0 && from_front < rank) {
    axis = from_front;
    return true;
  }
  x.builder()->fail({.kind = FaultKind::axis_out_of_range, .got = x.shape(), .numbers = {axis}});
  return false;
}

// Over the axes in `mask`, which disappear.
constexpr Var reduce(Op op, Var x, int mask) {
  if (mask == 0) return x;
  return emit(x.builder(), op, without_axes(x.shape(), mask), x.dtype(), operands(x),
              {std::int16_t(mask)});
}

// The node x, summed over the samples of the call: shared. A shared x is the same for all: n times
// itself.
constexpr Var sum_across(Var x) {
  Builder* r = x.builder();
  if (!x.per_sample()) return x * as_dtype(sample_count(r), x.dtype());
  Node node = Node{.op = Op::identity,
                   .dtype = x.dtype(),
                   .across = true,
                   .scope = x.node().scope,
                   .operand = operands(x),
                   .shape = x.shape()};
  return {r, r->append(node)};
}

}  // namespace ir

constexpr int Axes::mask(Var x) const {
  if (all) return ir::all_axes(x.shape());
  int result = 0;
  for (int i = 0; i < count; ++i)
    if (int each = axis[i]; ir::axis_exists(x, each)) result |= 1 << each;
  return result;
}

namespace ir {

// Axis i of the result is axis order[i] of x. Pre: each once.
constexpr Var permute(Var x, const Attributes& order) {
  Shape shape;
  bool in_order = true;
  for (int axis = 0; axis < x.shape().rank(); ++axis) {
    shape.append(x.shape()[order[axis]]);
    in_order = in_order && order[axis] == axis;
  }
  if (in_order) return x;
  return emit(x.builder(), Op::transpose, shape, x.dtype(), operands(x), order);
}

}  // namespace ir

// Axis i of the result is axis order[i] of x; each once. Fault: axis_out_of_range.
constexpr Var transpose(Operand x, std::initializer_list<int> order) {
  ir::Attributes axes{};
  int count = 0, seen = 0;
  for (int axis : order) {
    if (!ir::axis_exists(x, axis)) return x;
    if (count < Shape::max_rank) axes[count++] = std::int16_t(axis);
    seen |= 1 << axis;
  }
  if (int(order.size()) != x.shape().rank() || seen != ir::all_axes(x.shape())) {
    x.builder()->fail(
        {.kind = FaultKind::axis_out_of_range, .got = x.shape(), .numbers = {int(order.size())}});
    return x;
  }
  return ir::permute(x, axes);
}

namespace ir {

// `mask`: which axes of the result, of the given rank, x has not; they get an extent of 1.
constexpr Var with_axes(Var x, int mask, int rank) {
  Shape shape;
  for (int axis = 0, from = 0; axis < rank; ++axis)
    shape.append((mask >> axis & 1) != 0 ? 1 : x.shape()[from++]);
  return reshape(x, shape);
}
// What counts as 0 and 1, or as a byte, is added up as i32.
constexpr Var countable(Var x) { return is_number(x.dtype()) ? x : cast(x, i32); }
constexpr Var real(Var x) { return is_floating(x.dtype()) ? x : cast(x, DType::floating); }

constexpr Var keep(Var reduced, Axes axes, Var x) {
  return with_axes(reduced, axes.mask(x), x.shape().rank());
}

}  // namespace ir

// A new axis of extent 1, which is axis `axis` of the result. Faults: axis_out_of_range,
// rank_too_large.
constexpr Var expand_dims(Operand x, int axis) {
  if (!ir::axis_exists(x, axis, 1)) return x;
  if (x.shape().rank() == Shape::max_rank) {
    x.builder()->fail({.kind = FaultKind::rank_too_large, .got = x.shape()});
    return x;
  }
  return ir::with_axes(x, 1 << axis, x.shape().rank() + 1);
}

// Within each sample, over the given axes; they disappear, unless tg::keep_dims follows. Truth
// values and bytes are added as i32.
constexpr Var sum(Operand x, Axes axes) {
  return ir::reduce(Op::sum, ir::countable(x), axes.mask(x));
}
constexpr Var max(Operand x, Axes axes) { return ir::reduce(Op::max, x, axes.mask(x)); }
// Of integers, too, in the model's dtype.
constexpr Var mean(Operand x, Axes axes) {
  const Var total = sum(ir::real(x), axes);
  return total * (1.0 / (x.shape().size() / total.shape().size()));
}
constexpr Var sum(Operand x, Axes axes, KeepDims) { return ir::keep(sum(x, axes), axes, x); }
constexpr Var max(Operand x, Axes axes, KeepDims) { return ir::keep(max(x, axes), axes, x); }
constexpr Var mean(Operand x, Axes axes, KeepDims) { return ir::keep(mean(x, axes), axes, x); }

// Across the samples only: element by element, shared.
constexpr Var batch_sum(Operand x) { return ir::sum_across(ir::countable(x)); }
constexpr Var batch_mean(Operand x) {
  x = ir::real(x);
  if (!x.per_sample()) return x;
  return batch_sum(x) / ir::as_dtype(sample_count(x.builder()), x.dtype());
}

// Everything, samples included: one shared number.
constexpr Var sum(Operand x) { return batch_sum(sum(x, within)); }
constexpr Var mean(Operand x) { return batch_mean(mean(x, within)); }

// The index of the largest element along `axis`, the first of equals, as i32; without an axis, of
// all elements in row-major order.
constexpr Var argmax(Operand x, int axis) {
  if (!ir::axis_exists(x, axis)) return x;
  return ir::emit(x.builder(), Op::argmax, ir::without_axes(x.shape(), 1 << axis), DType::i32,
                  ir::operands(x), {std::int16_t(1 << axis)});
}
constexpr Var argmax(Operand x) { return argmax(flatten(x), 0); }

// exp(x) / sum(exp(x)) along the last axis, or along `axis`; and its logarithm.
constexpr Var softmax(Operand x, int axis = -1) {
  ir::check_operand(Op::softmax, x);
  if (!ir::axis_exists(x, axis)) return x;
  return ir::emit(x.builder(), Op::softmax, x.shape(), x.dtype(), ir::operands(x),
                  {std::int16_t(axis)});
}
constexpr Var log_softmax(Operand x, int axis = -1) {
  ir::check_operand(Op::log_softmax, x);
  if (!ir::axis_exists(x, axis)) return x;
  return ir::emit(x.builder(), Op::log_softmax, x.shape(), x.dtype(), ir::operands(x),
                  {std::int16_t(axis)});
}

// (extent): 0, 1, 2, … Shared, a constant: reshaped and broadcast it numbers any axis.
constexpr Var iota(ir::Builder* r, int extent, DType dtype = DType::floating) {
  if (extent < 1) r->fail({.kind = FaultKind::extent_not_positive, .wanted = {extent}});
  return ir::emit(r, Op::iota, {extent < 1 ? 1 : extent},
                  dtype == DType::floating ? r->graph.floating : dtype, {-1, -1, -1});
}

namespace ir {

// Fault: needs_integers.
constexpr bool holds_integers(Var x) {
  if (is_integer(x.dtype())) return true;
  x.builder()->fail({.kind = FaultKind::needs_integers, .got = x.shape()});
  return false;
}

}  // namespace ir

// x[…, label]: x (…, classes), label (…) integers in 0 … classes-1, one for each place before the
// last axis. Faults: needs_integers, shapes_do_not_match.
constexpr Var pick(Operand x, Var label) {
  if (!ir::holds_integers(label)) return x;
  const int last = x.shape().rank() - 1;
  if (last < 0 || ir::without_axes(x.shape(), 1 << last) != label.shape()) {
    x.builder()->fail({.kind = FaultKind::shapes_do_not_match,
                       .got = x.shape(),
                       .wanted = label.shape(),
                       .name = "pick"});
    return x;
  }
  return ir::emit(x.builder(), Op::pick, label.shape(), x.dtype(), ir::operands(x, label));
}
// table (rows, width), indices (…) integers in 0 … rows-1 -> (…, width): the rows that they choose.
// Faults: needs_integers, rank_too_large.
constexpr Var gather(Operand table, Var indices) {
  ir::Builder* r = table.builder();
  if (table.shape().rank() != 2) {
    r->fail({.kind = FaultKind::needs_integers, .got = indices.shape()});
    return constant(r, 0, indices.shape(), table.dtype());
  }
  if (!ir::holds_integers(indices)) return constant(r, 0, indices.shape(), table.dtype());
  Shape shape = indices.shape();
  shape.append(table.shape()[1]);
  if (shape.rank() > Shape::max_rank) {
    r->fail({.kind = FaultKind::rank_too_large, .got = shape});
    return constant(r, 0, indices.shape(), table.dtype());
  }
  return ir::emit(r, Op::gather, shape, table.dtype(), ir::operands(indices, table));
}
// (…, classes): 1 at the label, 0 elsewhere. Faults: needs_integers, rank_too_large.
constexpr Var one_hot(Operand label, int classes, DType dtype = DType::floating) {
  ir::Builder* r = label.builder();
  if (dtype == DType::floating) dtype = r->graph.floating;
  Shape shape = label.shape();
  shape.append(classes);
  if (!ir::holds_integers(label)) return constant(r, 0, shape, dtype);
  if (shape.rank() > Shape::max_rank) {
    r->fail({.kind = FaultKind::rank_too_large, .got = shape});
    return constant(r, 0, {classes}, dtype);
  }
  return ir::emit(r, Op::one_hot, shape, dtype, ir::operands(label));
}

}  // namespace tg
