// The same elements, arranged in another way: axes moved, parts stacked, cut up, repeated, turned.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/moves.hpp"

namespace tg {

// NumPy's name for broadcast.
constexpr Var broadcast_to(Operand x, const Shape& shape) { return broadcast(x, shape); }

// x without its axes of extent 1, or without one such axis. Faults: axis_out_of_range,
// reshape_changes_size.
constexpr Var squeeze(Operand x) {
  int mask = 0;
  for (int axis = 0; axis < x.shape().rank(); ++axis)
    if (x.shape()[axis] == 1) mask |= 1 << axis;
  return reshape(x, ir::without_axes(x.shape(), mask));
}
constexpr Var squeeze(Operand x, int axis) {
  if (!ir::axis_exists(x, axis)) return x;
  return reshape(x, ir::without_axes(x.shape(), 1 << axis));
}

// Axis `from` becomes axis `to`; the others keep their order. Fault: axis_out_of_range.
constexpr Var move_axis(Operand x, int from, int to) {
  if (!ir::axis_exists(x, from) || !ir::axis_exists(x, to)) return x;
  ir::Attributes order{};
  for (int axis = 0, rest = 0; axis < x.shape().rank(); ++axis) {
    if (rest == from) ++rest;
    order[axis] = std::int16_t(axis == to ? from : rest++);
  }
  return ir::permute(x, order);
}
// Fault: axis_out_of_range.
constexpr Var swap_axes(Operand x, int a, int b) {
  if (!ir::axis_exists(x, a) || !ir::axis_exists(x, b)) return x;
  ir::Attributes order{};
  for (int axis = 0; axis < x.shape().rank(); ++axis)
    order[axis] = std::int16_t(axis == a ? b : axis == b ? a : axis);
  return ir::permute(x, order);
}

// Equal shapes side by side along a new axis, which is axis `axis` of the result. Faults:
// axis_out_of_range, parts_do_not_join, rank_too_large.
constexpr Var stack(std::initializer_list<Var> parts, int axis = 0,
                    const std::source_location& at = std::source_location::current()) {
  const Operand first{*parts.begin(), at};
  if (!ir::axis_exists(first, axis, 1)) return first;
  Var joined = expand_dims(first, axis);
  for (const Var* part = parts.begin() + 1; part != parts.end(); ++part) {
    if (part->shape() != first.shape()) {
      first.builder()->fail({.kind = FaultKind::parts_do_not_join,
                             .got = first.shape(),
                             .wanted = part->shape(),
                             .numbers = {axis}});
      return first;
    }
    joined = concatenate({joined, expand_dims(*part, axis)}, axis);
  }
  return joined;
}

// Equal parts along an axis: auto [a, b] = tg::split<2>(x). Faults: axis_out_of_range,
// parts_do_not_divide.
template <int Parts>
requires(Parts > 0) constexpr std::array<Var, Parts> split(Operand x, int axis = 0) {
  std::array<Var, Parts> parts;
  for (Var& part : parts) part = x;
  if (!ir::axis_exists(x, axis)) return parts;
  const int length = x.shape()[axis] / Parts;
  if (length * Parts != x.shape()[axis]) {
    x.builder()->fail(
        {.kind = FaultKind::parts_do_not_divide, .got = x.shape(), .numbers = {axis, Parts}});
    return parts;
  }
  for (int i = 0; i < Parts; ++i) parts[std::size_t(i)] = slice(x, axis, i * length, length);
  return parts;
}

namespace ir {

// (outer, before, extent, after, inner), of which `before` and `after` repeat; as one axis again.
constexpr Var repeat(Var x, int axis, int before, int after) {
  if (!axis_exists(x, axis)) return x;
  if (before < 1 || after < 1) {
    x.builder()->fail({.kind = FaultKind::extent_not_positive, .wanted = {before, after}});
    return x;
  }
  const AxisExtents e = AxisExtents::of(x.shape(), axis);
  const Var apart = reshape(x, {e.outer, 1, e.extent, 1, e.inner});
  Shape shape = x.shape();
  shape.set(axis, before * e.extent * after);
  return reshape(broadcast(apart, {e.outer, before, e.extent, after, e.inner}), shape);
}

}  // namespace ir

// Each element `count` times in a row along the axis: a a b b. Faults: axis_out_of_range,
// extent_not_positive.
constexpr Var repeat(Operand x, int count, int axis) { return ir::repeat(x, axis, 1, count); }
// All of it `count` times along the axis: a b a b. Faults as for repeat.
constexpr Var tile(Operand x, int count, int axis) { return ir::repeat(x, axis, count, 1); }

// Backwards along the axis. Fault: axis_out_of_range.
constexpr Var flip(Operand x, int axis) {
  if (!ir::axis_exists(x, axis)) return x;
  return slice(x, axis, x.shape()[axis] - 1, x.shape()[axis], -1);
}
// Element i goes to i + shift; what leaves at one end comes in at the other. Fault:
// axis_out_of_range.
constexpr Var roll(Operand x, int shift, int axis) {
  if (!ir::axis_exists(x, axis)) return x;
  const int extent = x.shape()[axis], first = ((shift % extent) + extent) % extent;
  if (first == 0) return x;
  return concatenate({slice(x, axis, extent - first, first), slice(x, axis, 0, extent - first)},
                     axis);
}

}  // namespace tg
