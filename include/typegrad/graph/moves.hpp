// Parts of tensors: cut out along an axis, put side by side, surrounded by zeros.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>

#include "typegrad/graph/range.hpp"
#include "typegrad/graph/tensor.hpp"

namespace tg {

// x[…, begin + i step, …] for i < length, along one axis; a negative step runs backwards. Faults:
// axis_out_of_range, slice_out_of_range.
constexpr Var slice(Operand x, int axis, int begin, int length, int step = 1) {
  if (!ir::axis_exists(x, axis)) return x;
  Shape shape = x.shape();
  const AxisRange range{axis, begin, length == 1 ? 1 : step};
  if (!range.lies_within(shape[axis], length)) {
    x.builder()->fail(
        {.kind = FaultKind::slice_out_of_range, .got = shape, .numbers = {axis, begin, length}});
    return x;
  }
  if (length == shape[axis] && range.step == 1) return x;
  shape.set(axis, length);
  return ir::emit(x.builder(), Op::slice, shape, x.dtype(), ir::operands(x), range.attributes());
}

namespace ir {

// Zeros of `extent` along the axis, but for x, whose element i lies at begin + i step: the adjoint
// of slice.
constexpr Var pad(Var x, const AxisRange& range, int extent) {
  Shape shape = x.shape();
  if (range.begin == 0 && range.step == 1 && extent == shape[range.axis]) return x;
  shape.set(range.axis, extent);
  return emit(x.builder(), Op::pad, shape, x.dtype(), operands(x), range.attributes());
}

// At most max_operands parts that fit.
constexpr Var join(std::span<const Var> parts, int axis) {
  if (parts.size() == 1) return parts[0];
  Shape shape = parts[0].shape();
  Operands operands{-1, -1, -1};
  int extent = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    extent += parts[i].shape()[axis];
    operands[i] = std::int16_t(parts[i].id());
  }
  shape.set(axis, extent);
  return emit(parts[0].builder(), Op::concatenate, shape, parts[0].dtype(), operands,
              {std::int16_t(axis)});
}

}  // namespace ir

// Zeros before and after x along one axis. Faults: axis_out_of_range, extent_not_positive.
constexpr Var pad(Operand x, int axis, int before, int after) {
  if (!ir::axis_exists(x, axis)) return x;
  if (before < 0 || after < 0) {
    x.builder()->fail({.kind = FaultKind::extent_not_positive, .wanted = {before + 1, after + 1}});
    return x;
  }
  return ir::pad(x, {axis, before, 1}, before + x.shape()[axis] + after);
}

// The parts one after the other along `axis`; all other extents are the same. Faults:
// axis_out_of_range, parts_do_not_join, dtypes_do_not_match.
constexpr Var concatenate(std::span<const Var> parts, int axis = 0,
                          const std::source_location& at = std::source_location::current()) {
  const Operand first{parts[0], at};
  if (!ir::axis_exists(first, axis)) return first;
  for (const Var& part : parts) {
    Shape like = part.shape();
    if (like.rank() == first.shape().rank()) like.set(axis, first.shape()[axis]);
    if (like != first.shape()) {
      first.builder()->fail({.kind = FaultKind::parts_do_not_join,
                             .got = first.shape(),
                             .wanted = part.shape(),
                             .numbers = {axis}});
      return first;
    }
    ir::same_dtype("concatenate", first, part);
  }
  const std::size_t count = parts.size(), third = count / 3;
  if (count <= std::size_t(ir::max_operands)) return ir::join(parts, axis);
  const std::array<Var, 3> joined{concatenate(parts.first(third), axis),
                                  concatenate(parts.subspan(third, third), axis),
                                  concatenate(parts.subspan(2 * third), axis)};
  return ir::join(joined, axis);
}
constexpr Var concatenate(std::initializer_list<Var> parts, int axis = 0,
                          const std::source_location& at = std::source_location::current()) {
  return concatenate(std::span<const Var>(parts.begin(), parts.size()), axis, at);
}

}  // namespace tg
