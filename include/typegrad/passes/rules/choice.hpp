// Powers with constant exponents; choices, absolute values, conversions, comparisons.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

inline constexpr int largest_unrolled_power = 512;

// x^n by repeated squaring. Pre: n > 0.
constexpr Var integer_power(Var x, int n) {
  Var result;
  for (Var square = x;; square = square * square) {
    if (n % 2 == 1) result = result.id() < 0 ? square : result * square;
    n /= 2;
    if (n == 0) return result;
  }
}

constexpr Var constant_power(const Match& m) {
  const double exponent = value_of(m.b), size = exponent < 0 ? -exponent : exponent;
  if (!is_floating(m.node->dtype)) return nothing();
  if (exponent == 0) return m.number(1);
  Var power;
  if (size == 0.5)
    power = sqrt(m.a);
  else if (size <= largest_unrolled_power && size == int(size))
    power = integer_power(m.a, int(size));
  else
    return nothing();
  return exponent < 0 ? m.number(1) / power : power;
}

// Every number of `from` is one of `to`.
constexpr bool holds(DType to, DType from) {
  const auto small = [](DType type) { return is_short(type) || type == DType::boolean; };
  if (to == from || to == f64) return to == from || from == f32 || from == i32 || small(from);
  return (to == f32 || to == i32 || to == i64) && small(from);
}

constexpr bool among(Var x, Ops ops) { return ops.has(x.node().op) && !x.node().across; }

}  // namespace rules

// clang-format off
inline constexpr Rule power_rules[] = {
    {"power_constant", "x^0 -> 1, x^1 -> x, x^2 -> x * x, x^0.5 -> sqrt(x), x^-n -> 1 / x^n", Family::power, Op::power, rules::any, Op::constant, rules::constant_power},
    {"power_of_one", "1^x -> 1", Family::power, Op::power, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 1) ? m.a : rules::nothing(); }},
    {"sqrt_square", "sqrt(x * x) -> |x|", Family::power, Op::sqrt, Op::multiply, rules::any,
     [](const Match& m) { return rules::same(m.a.operand(0), m.a.operand(1)) ? abs(m.a.operand(0)) : rules::nothing(); }},
    {"exp_product", "exp(x) * exp(y) -> exp(x + y)", Family::power, Op::multiply, Op::exp, Op::exp,
     [](const Match& m) {
       return m.sole_reader(0) && m.sole_reader(1) ? exp(m.a.operand(0) + m.b.operand(0)) : rules::nothing();
     }},
};

inline constexpr Rule choice_rules[] = {
    {"absolute_of_positive", "|x| -> x where x cannot be negative", Family::choice, Op::absolute, rules::not_negative, rules::any,
     [](const Match& m) { return m.a; }},
    {"absolute_negated", "|-x| -> |x|", Family::choice, Op::absolute, Op::negate, rules::any,
     [](const Match& m) { return abs(m.a.operand(0)); }},
    {"absolute_square", "|x * x| -> x * x", Family::choice, Op::absolute, Op::multiply, rules::any,
     [](const Match& m) { return rules::same(m.a.operand(0), m.a.operand(1)) ? m.a : rules::nothing(); }},
    {"absolute_product", "|x| * |y| -> |x * y|", Family::choice, Op::multiply, Op::absolute, Op::absolute,
     [](const Match& m) { return abs(m.a.operand(0) * m.b.operand(0)); }},
    {"absolute_quotient", "|x| / |y| -> |x / y|", Family::choice, Op::divide, Op::absolute, Op::absolute,
     [](const Match& m) { return abs(m.a.operand(0) / m.b.operand(0)); }},
    {"relu_of_positive", "relu(x) -> x where x cannot be negative", Family::choice, Op::relu, rules::not_negative, rules::any,
     [](const Match& m) { return m.a; }},
    {"sign_of_sign", "sign(sign(x)) -> sign(x)", Family::choice, Op::sign, Op::sign, rules::any,
     [](const Match& m) { return m.a; }},
    {"larger_of_equals", "maximum(x, x) -> x, minimum(x, x) -> x", Family::choice, {Op::maximum, Op::minimum}, rules::any, rules::any,
     [](const Match& m) { return rules::same(m.a, m.b) ? m.a : rules::nothing(); }},
    {"not_less", "x < x -> 0", Family::choice, Op::less, rules::any, rules::any,
     [](const Match& m) { return rules::same(m.a, m.b) ? m.number(0) : rules::nothing(); }},
    {"not_not", "!!x -> x where x is 0 or 1", Family::choice, Op::logical_not, Op::logical_not, rules::any,
     [](const Match& m) { return rules::among(m.a.operand(0), rules::comparisons) ? m.a.operand(0) : rules::nothing(); }},
    {"select_same", "select(c, x, x) -> x", Family::choice, Op::select, rules::any, rules::any,
     [](const Match& m) { return rules::same(m.b, m.c) ? m.b : rules::nothing(); }},
    {"select_constant", "select(1, x, y) -> x, select(0, x, y) -> y", Family::choice, Op::select, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? m.c : m.b; }},
    {"select_not", "select(!c, x, y) -> select(c, y, x)", Family::choice, Op::select, Op::logical_not, rules::any,
     [](const Match& m) { return select(m.a.operand(0), m.c, m.b); }},
    {"select_chosen", "select(c, select(c, x, y), z) -> select(c, x, z)", Family::choice, Op::select, rules::any, Op::select,
     [](const Match& m) { return rules::same(m.a, m.b.operand(0)) ? select(m.a, m.b.operand(1), m.c) : rules::nothing(); }},
    {"select_other", "select(c, x, select(c, y, z)) -> select(c, x, z)", Family::choice, Op::select, rules::any, rules::any,
     [](const Match& m) {
       return rules::is(m.c, Op::select) && rules::same(m.a, m.c.operand(0)) ? select(m.a, m.b, m.c.operand(2)) : rules::nothing();
     }},
    {"cast_same", "cast(x) -> x of the same dtype", Family::choice, Op::cast, rules::any, rules::any,
     [](const Match& m) { return m.a.dtype() == m.node->dtype ? m.a : rules::nothing(); }},
    {"cast_cast", "cast(cast(x)) -> cast(x) where the first loses nothing", Family::choice, Op::cast, Op::cast, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return rules::holds(m.a.dtype(), x.dtype()) ? cast(x, m.node->dtype) : rules::nothing();
     }},
};
// clang-format on

}  // namespace tg::passes
