// Sums and maxima over axes: less to add, or nothing.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

// sum(s * x) -> s * sum(x) where s is the same along the summed axes
constexpr Var sum_of_multiple(const Match& m) {
  const int mask = m.attribute(0);
  for (int i = 0; i < 2; ++i) {
    const Var factor = without_repeated(m.a.operand(i), mask);
    if (factor.id() >= 0) return factor * ir::reduce(Op::sum, m.a.operand(1 - i), mask);
  }
  return nothing();
}
constexpr Var sum_of_quotient(const Match& m) {
  const Var divisor = without_repeated(m.a.operand(1), m.attribute(0));
  return divisor.id() < 0 ? nothing()
                          : ir::reduce(Op::sum, m.a.operand(0), m.attribute(0)) / divisor;
}
// sum(x + s) -> sum(x) + n s where s is the same along the n summed elements
constexpr Var sum_of_shifted(const Match& m) {
  const int mask = m.attribute(0);
  for (int i = 0; i < 2; ++i) {
    const Var term = without_repeated(m.a.operand(i), mask);
    if (term.id() < 0) continue;
    const Var all = m.number(m.a.shape().size() / m.shape().size()) * term;
    const Var rest = ir::reduce(Op::sum, m.a.operand(1 - i), mask);
    if (m.a.node().op == Op::add) return rest + all;
    return i == 0 ? all - rest : rest - all;
  }
  return nothing();
}

// A sum (or maximum) over repetitions -> n times (or once) what is repeated; the other axes remain.
constexpr Var reduce_repeated(const Match& m) {
  const Var from = m.a.operand(0);
  const Shape& shape = m.a.node().shape;
  const int missing = shape.rank() - from.shape().rank();
  int repeated = 0, count = 1;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    const bool single = axis < missing || from.node().shape[axis - missing] == 1;
    if ((m.attribute(0) >> axis & 1) == 0 || !single) continue;
    repeated |= 1 << axis;
    count *= shape[axis];
  }
  if (repeated == 0) return nothing();
  const Var once = without_repeated(m.a, repeated);
  int mask = 0;  // of the axes that are left
  for (int axis = 0, at = 0; axis < shape.rank(); ++axis)
    if ((repeated >> axis & 1) == 0) mask |= (m.attribute(0) >> axis & 1) << at++;
  const Var reduced = ir::reduce(m.node->op, once, mask);
  return m.node->op == Op::max ? reduced : m.number(count) * reduced;
}

// The axes of x that a reduction of a reduction of x is over.
constexpr Var reduce_reduced(const Match& m) {
  if (m.a.node().op != m.node->op) return nothing();
  const Var x = m.a.operand(0);
  int mask = m.a.node().attributes[0];
  for (int axis = 0, at = 0; axis < x.shape().rank(); ++axis)
    if ((m.a.node().attributes[0] >> axis & 1) == 0) mask |= (m.attribute(0) >> at++ & 1) << axis;
  return ir::reduce(m.node->op, x, mask);
}

inline constexpr Ops sum_or_max{Op::sum, Op::max};

constexpr bool over_all(const Match& m) { return m.shape().rank() == 0; }

}  // namespace rules

// clang-format off
inline constexpr Rule reduction_rules[] = {
    {"reduce_one", "sum over extents of 1 -> reshape", Family::reduction, rules::sum_or_max, rules::any, rules::any,
     [](const Match& m) { return m.a.node().shape.size() == m.shape().size() ? reshape(m.a, m.shape()) : rules::nothing(); }},
    {"reduce_reduced", "sum(sum(x)) -> sum(x), max(max(x)) -> max(x)", Family::reduction, rules::sum_or_max, rules::sum_or_max, rules::any, rules::reduce_reduced},
    {"reduce_repeated", "sum(broadcast(x)) -> n * sum(x), max(broadcast(x)) -> max(x)", Family::reduction, rules::sum_or_max, Op::broadcast, rules::any, rules::reduce_repeated},
    {"reduce_moved", "sum(reshape(x)), sum(transpose(x)) -> sum(x) over all axes", Family::reduction, rules::sum_or_max, {Op::reshape, Op::transpose}, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return rules::over_all(m) ? ir::reduce(m.node->op, x, ir::all_axes(x.shape())) : rules::nothing();
     }},
    {"sum_negated", "sum(-x) -> -sum(x)", Family::reduction, Op::sum, Op::negate, rules::any,
     [](const Match& m) { return -ir::reduce(Op::sum, m.a.operand(0), m.attribute(0)); }},
    {"sum_multiple", "sum(s * x) -> s * sum(x)", Family::reduction, Op::sum, Op::multiply, rules::any, rules::sum_of_multiple},
    {"sum_quotient", "sum(x / s) -> sum(x) / s", Family::reduction, Op::sum, Op::divide, rules::any, rules::sum_of_quotient},
    {"sum_shifted", "sum(x + s) -> sum(x) + n s", Family::reduction, Op::sum, {Op::add, Op::subtract}, rules::any, rules::sum_of_shifted},
    {"sum_pad", "sum(pad(x)) -> sum(x) over the padded axis", Family::reduction, Op::sum, Op::pad, rules::any,
     [](const Match& m) {
       const int axis = AxisRange::of(m.a.node().attributes).axis;
       return (m.attribute(0) >> axis & 1) != 0 ? ir::reduce(Op::sum, m.a.operand(0), m.attribute(0)) : rules::nothing();
     }},
    {"sum_one_hot", "sum(one_hot(label)) -> 1", Family::reduction, Op::sum, Op::one_hot, rules::any,
     [](const Match& m) { return m.attribute(0) == 1 << (m.a.shape().rank() - 1) ? m.number(1) : rules::nothing(); }},
    {"sum_softmax", "sum(softmax(x)) -> 1 along its axis", Family::reduction, Op::sum, Op::softmax, rules::any,
     [](const Match& m) { return m.attribute(0) == 1 << m.a.node().attributes[0] ? m.number(1) : rules::nothing(); }},
    {"sum_chosen", "sum(one_hot(label) * x) -> x[label]", Family::reduction, Op::sum, Op::multiply, rules::any,
     [](const Match& m) {
       for (int i = 0; i < 2 && m.a.shape().rank() == 1; ++i)
         if (const Var hot = m.a.operand(i); rules::is(hot, Op::one_hot) && hot.operand(0).dtype() == i32)
           return pick(m.a.operand(1 - i), hot.operand(0));
       return rules::nothing();
     }},
    {"pick_repeated", "broadcast(x)[label] -> x of one number", Family::reduction, Op::pick, Op::broadcast, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return x.shape().size() == 1 ? broadcast(reshape(x, {}), m.shape()) : rules::nothing();
     }},
};
// clang-format on

}  // namespace tg::passes
