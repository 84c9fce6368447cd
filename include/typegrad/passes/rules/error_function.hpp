// The error function beside 1: what is left of it keeps its digits.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/tensor.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

// log(erfc(x)), which falls as -x^2: log1p(-erf(x)) up to 1, log(erfcx(x)) - x^2 from there on.
// Each formula is given its own side alone, so that its gradient is finite on the other one, too.
constexpr Var log_erfc(Var x) {
  const Var small = minimum(x, 1), large = maximum(x, 1);
  return select(x <= 1, log1p(-erf(small)), log(erfcx(large)) - large * large);
}

constexpr Var negated_if(bool negative, Var x) { return negative ? -x : x; }

// 1 - erf(x) and the like: what 1 and the function have between them, with its sign.
constexpr Var complement(const Match& m) {
  const bool first = is_constant(m.a);  // of a sum it may be either
  const Var function = first ? m.b : m.a, number = first ? m.a : m.b;
  const bool sum = m.node->op == Op::add;
  if (!is_constant(number, sum ? -1 : 1)) return nothing();
  const Var x = function.operand(0);
  return negated_if(sum || !first, is(function, Op::erf) ? erfc(x) : erf(x));
}

// Whether y is x^2, or -x^2 where it is negative.
constexpr bool is_square_of(Var y, Var x, bool negative) {
  if (negative && !is(y, Op::negate))
    return is(y, Op::multiply) && ((is(y.operand(0), Op::negate) && same(y.operand(1), x) &&
                                    same(y.operand(0).operand(0), x)) ||
                                   (is(y.operand(1), Op::negate) && same(y.operand(0), x) &&
                                    same(y.operand(1).operand(0), x)));
  if (negative) y = y.operand(0);
  return is(y, Op::multiply) && same(y.operand(0), x) && same(y.operand(1), x);
}

}  // namespace rules

// clang-format off
inline constexpr Rule erf_rules[] = {
    {"one_minus_erf", "1 - erf(x) -> erfc(x), erf(x) - 1 -> -erfc(x)", Family::erf, {Op::subtract, Op::add}, Op::constant, Op::erf, rules::complement},
    {"one_minus_erf", "erf(x) - 1 -> -erfc(x)", Family::erf, Op::subtract, Op::erf, Op::constant, rules::complement},
    {"one_minus_erfc", "1 - erfc(x) -> erf(x)", Family::erf, {Op::subtract, Op::add}, Op::constant, Op::erfc, rules::complement},
    {"one_minus_erfc", "erfc(x) - 1 -> -erf(x)", Family::erf, Op::subtract, Op::erfc, Op::constant, rules::complement},
    {"exp_times_erfc", "exp(x^2) * erfc(x) -> erfcx(x)", Family::erf, Op::multiply, Op::exp, Op::erfc,
     [](const Match& m) {
       const Var x = m.b.operand(0);
       return rules::is_square_of(m.a.operand(0), x, false) ? erfcx(x) : rules::nothing();
     }},
    {"exp_over_erfc", "exp(-x^2) / erfc(x) -> 1 / erfcx(x)", Family::erf, Op::divide, Op::exp, Op::erfc,
     [](const Match& m) {
       const Var x = m.b.operand(0);
       return rules::is_square_of(m.a.operand(0), x, true) ? 1 / erfcx(x) : rules::nothing();
     }},
};
// clang-format on

}  // namespace tg::passes
