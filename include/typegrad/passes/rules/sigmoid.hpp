// The logistic function and softmax, written by hand.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

// The x of 1 + exp(x); nothing where v is something else.
constexpr Var of_one_plus_exp(Var v) {
  if (!is(v, Op::add)) return nothing();
  for (int one = 0; one < 2; ++one)
    if (is_constant(v.operand(one), 1) && is(v.operand(1 - one), Op::exp))
      return v.operand(1 - one).operand(0);
  return nothing();
}
constexpr Var negated(Var x) { return is(x, Op::negate) ? x.operand(0) : -x; }

// exp(x) / (1 + exp(x)) -> sigmoid(x), c / (1 + exp(x)) -> c * sigmoid(-x)
constexpr Var sigmoid_by_hand(const Match& m) {
  const Var x = of_one_plus_exp(m.b);
  if (x.id() < 0) return nothing();
  if (is(m.a, Op::exp) && same(m.a.operand(0), x)) return sigmoid(x);
  const Var s = sigmoid(negated(x));
  return is_constant(m.a, 1) ? s : m.a * s;
}

// exp(x) * sigmoid(-x) -> sigmoid(x)
constexpr Var sigmoid_of_product(const Match& m) {
  const Var x = m.a.operand(0), y = m.b.operand(0);
  const bool opposite =
      (is(y, Op::negate) && same(y.operand(0), x)) || (is(x, Op::negate) && same(x.operand(0), y));
  return opposite ? sigmoid(x) : nothing();
}

// The axis along which `total` repeats the sum of e; -1 where it is something else.
constexpr int axis_of_sum(Var total, Var e) {
  if (!is(total, Op::broadcast)) return -1;
  const Var kept = total.operand(0), sum = is(kept, Op::reshape) ? kept.operand(0) : kept;
  if (!is(sum, Op::sum) || !same(sum.operand(0), e)) return -1;
  const Shape& shape = e.node().shape;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if (sum.node().attributes[0] != 1 << axis) continue;
    Shape expected = shape;
    expected.set(axis, 1);
    // Without the reshape, the axis must have been the first: it is missing in front.
    return kept.shape() == expected || (axis == 0 && kept.shape() == sum.shape()) ? axis : -1;
  }
  return -1;
}

// exp(x) / sum(exp(x)) -> softmax(x)
constexpr Var softmax_by_hand(const Match& m) {
  const int axis = axis_of_sum(m.b, m.a);
  return axis < 0 ? nothing() : softmax(m.a.operand(0), axis);
}

// softmax(x - s) -> softmax(x) where s is the same along its axis
constexpr Var unshifted(const Match& m) {
  const Var by = m.a.operand(1);
  if (without_repeated(by, 1 << m.attribute(0)).id() < 0) return nothing();
  return m.same(m.shape(), ir::operands(m.a.operand(0)));
}

// x - log(sum(exp(x))) -> log_softmax(x). The logarithm was made stable before it is seen here.
constexpr Var log_softmax_by_hand(const Match& m) {
  if (!is(m.b, Op::broadcast)) return nothing();
  const Var kept = m.b.operand(0), total = is(kept, Op::reshape) ? kept.operand(0) : kept;
  if (!is(total, Op::add)) return nothing();
  for (int i = 0; i < 2; ++i) {
    const Var largest = total.operand(i), rest = total.operand(1 - i);
    if (!is(largest, Op::stop_gradient) || !is(largest.operand(0), Op::max) ||
        !same(largest.operand(0).operand(0), m.a) || !is(rest, Op::log) ||
        !is(rest.operand(0), Op::sum) || !is(rest.operand(0).operand(0), Op::exp))
      continue;
    const Var shifted = rest.operand(0).operand(0).operand(0);
    const int mask = rest.operand(0).node().attributes[0];
    if (!is(shifted, Op::subtract) || !same(shifted.operand(0), m.a)) continue;
    for (int axis = 0; axis < m.shape().rank(); ++axis)
      if (mask == 1 << axis) {
        Shape expected = m.shape();
        expected.set(axis, 1);
        return kept.shape() == expected || (axis == 0 && same(kept, total)) ? log_softmax(m.a, axis)
                                                                            : nothing();
      }
  }
  return nothing();
}

}  // namespace rules

// clang-format off
inline constexpr Rule sigmoid_rules[] = {
    {"sigmoid_by_hand", "1 / (1 + exp(-x)) -> sigmoid(x), exp(x) / (1 + exp(x)) -> sigmoid(x)", Family::sigmoid, Op::divide, rules::any, Op::add, rules::sigmoid_by_hand},
    {"sigmoid_times_exp", "exp(x) * sigmoid(-x) -> sigmoid(x)", Family::sigmoid, Op::multiply, Op::exp, Op::sigmoid, rules::sigmoid_of_product},
    {"one_minus_sigmoid", "1 - sigmoid(x) -> sigmoid(-x)", Family::sigmoid, Op::subtract, Op::constant, Op::sigmoid,
     [](const Match& m) { return rules::is_constant(m.a, 1) ? sigmoid(rules::negated(m.b.operand(0))) : rules::nothing(); }},
};

inline constexpr Rule softmax_rules[] = {
    {"softmax_by_hand", "exp(x) / sum(exp(x)) -> softmax(x)", Family::softmax, Op::divide, Op::exp, Op::broadcast, rules::softmax_by_hand},
    {"softmax_shifted", "softmax(x - max(x)) -> softmax(x)", Family::softmax, {Op::softmax, Op::log_softmax}, Op::subtract, rules::any, rules::unshifted},
    {"log_softmax_by_hand", "x - log(sum(exp(x))) -> log_softmax(x)", Family::softmax, Op::subtract, rules::any, Op::broadcast, rules::log_softmax_by_hand},
};
// clang-format on

}  // namespace tg::passes
