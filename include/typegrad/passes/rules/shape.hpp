// The same numbers in another order or number: chains, detours, what undoes itself.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

constexpr Var transposed(Var x, const ir::Attributes& order) {
  Shape shape;
  for (int axis = 0; axis < x.shape().rank(); ++axis) shape.append(x.node().shape[order[axis]]);
  return ir::emit(x.builder(), Op::transpose, shape, x.dtype(), ir::operands(x), order);
}

// transpose(x) -> reshape(x) where only extents of 1 move, x itself where nothing does
constexpr Var useless_transpose(const Match& m) {
  for (int axis = 0, last = -1; axis < m.shape().rank(); ++axis) {
    if (m.shape()[axis] == 1) continue;
    if (m.attribute(axis) < last) return nothing();
    last = m.attribute(axis);
  }
  return reshape(m.a, m.shape());
}

constexpr Var transpose_of_transpose(const Match& m) {
  ir::Attributes order{};
  for (int axis = 0; axis < m.shape().rank(); ++axis)
    order[axis] = m.a.node().attributes[m.attribute(axis)];
  return transposed(m.a.operand(0), order);
}

// Parts along one axis: a slice of a slice, of zeros around, of parts side by side.
constexpr Var slice_of_slice(const Match& m) {
  const AxisRange outer = AxisRange::of(m.node->attributes),
                  inner = AxisRange::of(m.a.node().attributes);
  if (outer.axis != inner.axis) return nothing();
  return slice(m.a.operand(0), outer.axis, inner.begin + outer.begin * inner.step,
               m.shape()[outer.axis], outer.step * inner.step);
}
constexpr Var slice_of_pad(const Match& m) {
  const AxisRange cut = AxisRange::of(m.node->attributes),
                  around = AxisRange::of(m.a.node().attributes);
  const Var x = m.a.operand(0);
  const int axis = cut.axis, length = x.shape()[axis], wanted = m.shape()[axis];
  if (around.axis != axis) return nothing();
  if (cut.begin == around.begin && wanted == length && (cut.step == around.step || length == 1))
    return x;
  if (cut.step != 1 || around.step != 1) return nothing();
  const int first = cut.begin - around.begin;
  if (first >= 0 && first + wanted <= length) return slice(x, axis, first, wanted);
  return first >= length || first + wanted <= 0 ? m.number(0) : nothing();
}
constexpr Var slice_of_concatenate(const Match& m) {
  const AxisRange cut = AxisRange::of(m.node->attributes);
  if (cut.axis != m.a.node().attributes[0]) return nothing();
  const int length = m.shape()[cut.axis];
  int begin = 0;
  for (int i = 0; i < m.a.node().operands(); ++i) {
    const Var part = m.a.operand(i);
    const int extent = part.shape()[cut.axis];
    if (cut.begin >= begin && cut.last(length) < begin + extent)
      return slice(part, cut.axis, cut.begin - begin, length, cut.step);
    begin += extent;
  }
  return nothing();
}
// Neighbouring slices of x side by side -> one slice of x
constexpr Var concatenate_slices(const Match& m) {
  const int axis = m.attribute(0);
  const AxisRange first = AxisRange::of(m.a.node().attributes);
  const Var x = m.a.operand(0);
  int end = first.begin;
  for (int i = 0; i < m.node->operands(); ++i) {
    const Var part{m.builder, m.node->operand[i]};
    if (!is(part, Op::slice) || !same(part.operand(0), x)) return nothing();
    const AxisRange range = AxisRange::of(part.node().attributes);
    if (range.axis != axis || range.step != 1 || range.begin != end) return nothing();
    end += part.shape()[axis];
  }
  return slice(x, axis, first.begin, end - first.begin);
}

// pad(x) + pad(y) -> pad(concatenate(x, y)) where y begins when x ends: what flows back to the
// parts of a value becomes one pass.
constexpr Var join_pads(Var pad_of_x, Var pad_of_y) {
  const AxisRange first = AxisRange::of(pad_of_x.node().attributes),
                  second = AxisRange::of(pad_of_y.node().attributes);
  const Var x = pad_of_x.operand(0), y = pad_of_y.operand(0);
  const int axis = first.axis;
  if (second.axis != axis || first.step != 1 || second.step != 1 ||
      second.begin != first.begin + x.shape()[axis])
    return nothing();
  return ir::pad(concatenate({x, y}, axis), first, pad_of_x.node().shape[axis]);
}
constexpr Var joined_pads(const Match& m) { return join_pads(m.a, m.b); }
// (s + pad(x)) + pad(y) -> s + pad(concatenate(x, y)), for parts that were read in any order
constexpr Var joined_pads_of_sum(const Match& m) {
  if (!m.sole_reader(0)) return nothing();
  for (int i = 0; i < 2; ++i) {
    const Var part = m.a.operand(i);
    if (!is(part, Op::pad)) continue;
    Var both = join_pads(part, m.b);
    if (both.id() < 0) both = join_pads(m.b, part);
    if (both.id() >= 0) return m.same(m.shape(), ir::operands(m.a.operand(1 - i), both));
  }
  return nothing();
}

// f(broadcast(x), broadcast(y), c) -> broadcast(f(x, y, c)): computed once, then repeated
constexpr Var broadcast_later(const Match& m) {
  Shape from;
  int broadcasts = 0;
  for (int i = 0; i < m.node->operands(); ++i) {
    const Var x{m.builder, m.node->operand[i]};
    if (is_constant(x)) continue;
    if (!is(x, Op::broadcast)) return nothing();
    if (broadcasts++ == 0)
      from = x.operand(0).shape();
    else if (x.operand(0).shape() != from)
      return nothing();
  }
  ir::Operands inner{-1, -1, -1};
  for (int i = 0; i < m.node->operands(); ++i) {
    const Var x{m.builder, m.node->operand[i]};
    const Var small =
        is_constant(x) ? constant(m.builder, value_of(x), from, x.dtype()) : x.operand(0);
    inner[i] = std::int16_t(small.id());
  }
  return broadcast(m.same(from, inner), m.shape());
}

inline constexpr Ops increasing{Op::relu, Op::tanh, Op::sigmoid, Op::softplus};

}  // namespace rules

// clang-format off
inline constexpr Rule shape_rules[] = {
    {"identity", "identity(x) -> x", Family::shape, Op::identity, rules::any, rules::any,
     [](const Match& m) { return m.a; }, false, When::after_gradient},
    {"stop_gradient", "stop_gradient(x) -> x, once there is no gradient to stop", Family::shape, {Op::stop_gradient, Op::custom_gradient}, rules::any, rules::any,
     [](const Match& m) { return m.a; }, false, When::after_gradient},
    {"reshape_same", "reshape(x) -> x of the same shape", Family::shape, Op::reshape, rules::any, rules::any,
     [](const Match& m) { return m.a.node().shape == m.shape() ? m.a : rules::nothing(); }},
    {"reshape_reshape", "reshape(reshape(x)) -> reshape(x)", Family::shape, Op::reshape, Op::reshape, rules::any,
     [](const Match& m) { return reshape(m.a.operand(0), m.shape()); }},
    {"reshape_number", "reshape(broadcast(x)) -> broadcast(x) of one number", Family::shape, Op::reshape, Op::broadcast, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return x.shape().size() == 1 ? broadcast(reshape(x, {}), m.shape()) : rules::nothing();
     }},
    {"broadcast_same", "broadcast(x) -> x of the same shape", Family::shape, Op::broadcast, rules::any, rules::any,
     [](const Match& m) { return m.a.node().shape == m.shape() ? m.a : rules::nothing(); }},
    {"broadcast_broadcast", "broadcast(broadcast(x)) -> broadcast(x)", Family::shape, Op::broadcast, Op::broadcast, rules::any,
     [](const Match& m) { return broadcast(m.a.operand(0), m.shape()); }},
    {"broadcast_later", "f(broadcast(x)) -> broadcast(f(x))", Family::shape, rules::unary, Op::broadcast, rules::any, rules::broadcast_later},
    {"broadcast_later", "f(broadcast(x), broadcast(y)) -> broadcast(f(x, y))", Family::shape, rules::binary, Op::broadcast, Op::broadcast, rules::broadcast_later},
    {"broadcast_later", "f(broadcast(x), c) -> broadcast(f(x, c))", Family::shape, rules::binary, Op::broadcast, Op::constant, rules::broadcast_later},
    {"broadcast_later", "f(c, broadcast(x)) -> broadcast(f(c, x))", Family::shape, rules::binary, Op::constant, Op::broadcast, rules::broadcast_later},
    {"transpose_useless", "transpose(x) -> reshape(x) where only extents of 1 move", Family::shape, Op::transpose, rules::any, rules::any, rules::useless_transpose},
    {"transpose_transpose", "transpose(transpose(x)) -> transpose(x)", Family::shape, Op::transpose, Op::transpose, rules::any, rules::transpose_of_transpose},
    {"transpose_number", "transpose(broadcast(x)) -> broadcast(x) of one number", Family::shape, Op::transpose, Op::broadcast, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return x.shape().size() == 1 ? broadcast(reshape(x, {}), m.shape()) : rules::nothing();
     }},
    {"slice_slice", "slice(slice(x)) -> slice(x)", Family::shape, Op::slice, Op::slice, rules::any, rules::slice_of_slice},
    {"slice_pad", "slice(pad(x)) -> x", Family::shape, Op::slice, Op::pad, rules::any, rules::slice_of_pad},
    {"slice_concatenate", "slice(concatenate(x, y)) -> slice(x)", Family::shape, Op::slice, Op::concatenate, rules::any, rules::slice_of_concatenate},
    {"slice_number", "slice(broadcast(x)) -> broadcast(x) of one number", Family::shape, Op::slice, Op::broadcast, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return x.shape().size() == 1 ? broadcast(reshape(x, {}), m.shape()) : rules::nothing();
     }},
    {"concatenate_slices", "concatenate(x[:n], x[n:]) -> x", Family::shape, Op::concatenate, Op::slice, Op::slice, rules::concatenate_slices},
    {"join_pads", "pad(x) + pad(y) -> pad(concatenate(x, y))", Family::shape, Op::add, Op::pad, Op::pad, rules::joined_pads},
    {"join_pads", "(s + pad(x)) + pad(y) -> s + pad(concatenate(x, y))", Family::shape, Op::add, Op::add, Op::pad, rules::joined_pads_of_sum},
    {"pool_later", "max(f(x)) -> f(max(x)) for increasing f: fewer of them, here and in the gradient", Family::shape, Op::max_pool, rules::increasing, rules::any,
     [](const Match& m) {
       if (!m.sole_reader(0)) return rules::nothing();
       const Var pooled = m.same(m.shape(), ir::operands(m.a.operand(0)));
       return ir::unary(m.a.node().op, pooled);
     }},
};
// clang-format on

}  // namespace tg::passes
