// Zeros, ones, signs; constants that meet; what cancels.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

// The operands of a small tree of sums (or of products), with their signs (or exponents 1 and -1),
// and the number that its constants make.
struct Operands {
  static constexpr int most = 8, deepest = 3;
  FixedVector<Var, most> plus, minus;  // or numerator, denominator
  double number = 0;
  int constants = 0;
  bool complete = true;

  constexpr void insert(Var x, bool inverse) {
    FixedVector<Var, most>& side = inverse ? minus : plus;
    if (side.full())
      complete = false;
    else
      side.push_back(x);
  }
  // Pairs of the same symbol on both sides go. Post: how many.
  constexpr int cancel() {
    int pairs = 0;
    for (int i = 0; i < plus.size(); ++i)
      for (int k = 0; k < minus.size(); ++k) {
        if (!same(plus[i], minus[k])) continue;
        plus[i] = plus.back(), plus.pop_back();
        minus[k] = minus.back(), minus.pop_back();
        ++pairs, --i;
        break;
      }
    return pairs;
  }
};

constexpr void collect_terms(Operands& terms, Var x, bool negative, int depth = 0) {
  if (is_constant(x)) {
    terms.number += negative ? -value_of(x) : value_of(x);
    ++terms.constants;
  } else if (depth < Operands::deepest && (is(x, Op::add) || is(x, Op::subtract))) {
    collect_terms(terms, x.operand(0), negative, depth + 1);
    collect_terms(terms, x.operand(1), negative != is(x, Op::subtract), depth + 1);
  } else if (depth < Operands::deepest && is(x, Op::negate)) {
    collect_terms(terms, x.operand(0), !negative, depth + 1);
  } else {
    terms.insert(x, negative);
  }
}

// (a + b + …) - (z + y + …) + number
constexpr Var build_sum(const Match& m, const Operands& terms) {
  Var sum;
  for (Var x : terms.plus) sum = sum.id() < 0 ? x : sum + x;
  bool number = terms.number != 0;
  if (sum.id() < 0 && (number || terms.minus.empty())) sum = m.number(terms.number), number = false;
  Var taken;
  for (Var x : terms.minus) taken = taken.id() < 0 ? x : taken + x;
  if (taken.id() >= 0) sum = sum.id() < 0 ? -taken : sum - taken;
  return number ? sum + m.number(terms.number) : sum;
}

constexpr Operands terms_of(const Match& m) {
  Operands terms;
  collect_terms(terms, m.a, false, 1);
  collect_terms(terms, m.b, m.node->op == Op::subtract, 1);
  return terms;
}
constexpr Var collect_constant_terms(const Match& m) {
  const Operands terms = terms_of(m);
  return terms.complete && terms.constants > 1 ? build_sum(m, terms) : nothing();
}
constexpr Var cancel_terms(const Match& m) {
  Operands terms = terms_of(m);
  return terms.complete && terms.cancel() > 0 ? build_sum(m, terms) : nothing();
}

constexpr void collect_factors(Operands& factors, Var x, bool inverse, int depth = 0) {
  if (is_constant(x)) {
    factors.number *= inverse ? 1 / value_of(x) : value_of(x);
    if (value_of(x) == 0) factors.complete = false;
    ++factors.constants;
  } else if (depth < Operands::deepest && (is(x, Op::multiply) || is(x, Op::divide))) {
    collect_factors(factors, x.operand(0), inverse, depth + 1);
    collect_factors(factors, x.operand(1), inverse != is(x, Op::divide), depth + 1);
  } else if (depth < Operands::deepest && is(x, Op::negate)) {
    factors.number = -factors.number;
    collect_factors(factors, x.operand(0), inverse, depth + 1);
  } else {
    factors.insert(x, inverse);
  }
}

// number (a b …) / (z y …)
constexpr Var build_product(const Match& m, const Operands& factors) {
  Var product;
  for (Var x : factors.plus) product = product.id() < 0 ? x : product * x;
  bool number = factors.number != 1;
  if (product.id() < 0) product = m.number(factors.number), number = false;
  Var divisor;
  for (Var x : factors.minus) divisor = divisor.id() < 0 ? x : divisor * x;
  if (divisor.id() >= 0) product = product / divisor;
  if (!number) return product;
  return factors.number == -1 ? -product : m.number(factors.number) * product;
}

constexpr Operands factors_of(const Match& m) {
  Operands factors;
  factors.number = 1;
  if (!is_floating(m.node->dtype)) factors.complete = false;
  collect_factors(factors, m.a, false, 1);
  collect_factors(factors, m.b, m.node->op == Op::divide, 1);
  return factors;
}
constexpr Var collect_constant_factors(const Match& m) {
  const Operands factors = factors_of(m);
  return factors.complete && factors.constants > 1 ? build_product(m, factors) : nothing();
}
constexpr Var cancel_factors(const Match& m) {
  Operands factors = factors_of(m);
  return factors.complete && factors.cancel() > 0 ? build_product(m, factors) : nothing();
}

constexpr bool is_power_of_two(double x) {
  for (x = x < 0 ? -x : x; x > 1 && x < 1e9; x /= 2) {
  }
  for (; x < 1 && x > 1e-9; x *= 2) {
  }
  return x == 1;
}

inline constexpr Ops sums{Op::add, Op::subtract, Op::negate};
inline constexpr Ops quotients{Op::multiply, Op::divide, Op::negate};

}  // namespace rules

// clang-format off
inline constexpr Rule arithmetic_rules[] = {
    {"add_zero", "x + 0 -> x", Family::arithmetic, Op::add, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? m.b : rules::nothing(); }},
    {"add_negated", "x + -y -> x - y", Family::arithmetic, Op::add, Op::negate, rules::any,
     [](const Match& m) { return m.b - m.a.operand(0); }},
    {"subtract_zero", "x - 0 -> x", Family::arithmetic, Op::subtract, rules::any, Op::constant,
     [](const Match& m) { return rules::is_constant(m.b, 0) ? m.a : rules::nothing(); }},
    {"subtract_from_zero", "0 - x -> -x", Family::arithmetic, Op::subtract, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? -m.b : rules::nothing(); }},
    {"subtract_negated", "x - -y -> x + y", Family::arithmetic, Op::subtract, rules::any, Op::negate,
     [](const Match& m) { return m.a + m.b.operand(0); }},
    {"multiply_one", "1 * x -> x", Family::arithmetic, Op::multiply, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 1) ? m.b : rules::nothing(); }},
    {"multiply_zero", "0 * x -> 0", Family::arithmetic, Op::multiply, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? m.number(0) : rules::nothing(); }},
    {"multiply_minus_one", "-1 * x -> -x", Family::arithmetic, Op::multiply, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, -1) ? -m.b : rules::nothing(); }},
    {"multiply_negated", "c * -x -> (-c) * x", Family::arithmetic, Op::multiply, Op::constant, Op::negate,
     [](const Match& m) { return m.number(-rules::value_of(m.a)) * m.b.operand(0); }},
    {"multiply_both_negated", "-x * -y -> x * y", Family::arithmetic, Op::multiply, Op::negate, Op::negate,
     [](const Match& m) { return m.a.operand(0) * m.b.operand(0); }},
    {"divide_one", "x / 1 -> x", Family::arithmetic, Op::divide, rules::any, Op::constant,
     [](const Match& m) { return rules::is_constant(m.b, 1) ? m.a : rules::nothing(); }},
    {"divide_minus_one", "x / -1 -> -x", Family::arithmetic, Op::divide, rules::any, Op::constant,
     [](const Match& m) { return rules::is_constant(m.b, -1) ? -m.a : rules::nothing(); }},
    {"divide_power_of_two", "x / 2^k -> 2^-k * x", Family::arithmetic, Op::divide, rules::any, Op::constant,
     [](const Match& m) {
       const double c = rules::value_of(m.b);
       return is_floating(m.node->dtype) && rules::is_power_of_two(c) ? m.number(1 / c) * m.a : rules::nothing();
     }},
    {"divide_both_negated", "-x / -y -> x / y", Family::arithmetic, Op::divide, Op::negate, Op::negate,
     [](const Match& m) { return m.a.operand(0) / m.b.operand(0); }},
    {"divide_negated_by_constant", "-x / c -> x / (-c)", Family::arithmetic, Op::divide, Op::negate, Op::constant,
     [](const Match& m) { return m.a.operand(0) / m.number(-rules::value_of(m.b)); }},
    {"divide_constant_by_negated", "c / -x -> (-c) / x", Family::arithmetic, Op::divide, Op::constant, Op::negate,
     [](const Match& m) { return m.number(-rules::value_of(m.a)) / m.b.operand(0); }},
    {"negate_negated", "--x -> x", Family::arithmetic, Op::negate, Op::negate, rules::any,
     [](const Match& m) { return m.a.operand(0); }},
    {"negate_difference", "-(x - y) -> y - x", Family::arithmetic, Op::negate, Op::subtract, rules::any,
     [](const Match& m) { return m.a.operand(1) - m.a.operand(0); }},
    {"negate_multiple", "-(c * x) -> (-c) * x", Family::arithmetic, Op::negate, Op::multiply, rules::any,
     [](const Match& m) {
       for (int i = 0; i < 2; ++i)
         if (rules::is_constant(m.a.operand(i))) return m.number(-rules::value_of(m.a.operand(i))) * m.a.operand(1 - i);
       return rules::nothing();
     }},
    {"collect_terms", "(x + c) - (y + d) -> (x - y) + (c - d)", Family::arithmetic, {Op::add, Op::subtract}, rules::sums, Op::constant, rules::collect_constant_terms},
    {"collect_terms", "c - (x + d) -> (c - d) - x", Family::arithmetic, Op::subtract, Op::constant, rules::sums, rules::collect_constant_terms},
    {"collect_terms", "(x + c) - (y + d) -> (x - y) + (c - d)", Family::arithmetic, {Op::add, Op::subtract}, rules::sums, rules::sums, rules::collect_constant_terms},
    {"collect_factors", "c * (d * x) -> (c d) * x", Family::arithmetic, {Op::multiply, Op::divide}, rules::quotients, Op::constant, rules::collect_constant_factors},
    {"collect_factors", "c / (d * x) -> (c / d) / x", Family::arithmetic, Op::divide, Op::constant, rules::quotients, rules::collect_constant_factors},
    {"collect_factors", "(c * x) * (d * y) -> (c d) * (x * y)", Family::arithmetic, {Op::multiply, Op::divide}, rules::quotients, rules::quotients, rules::collect_constant_factors},
};

// Where x is 0, infinite or no number these give another number than what was written, as Theano's do.
inline constexpr Rule cancel_rules[] = {
    {"cancel_difference", "x - x -> 0", Family::cancel, Op::subtract, rules::any, rules::any,
     [](const Match& m) { return rules::same(m.a, m.b) ? m.number(0) : rules::nothing(); }},
    {"cancel_quotient", "x / x -> 1", Family::cancel, Op::divide, rules::any, rules::any,
     [](const Match& m) { return rules::same(m.a, m.b) ? m.number(1) : rules::nothing(); }},
    {"divide_zero", "0 / x -> 0", Family::cancel, Op::divide, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? m.number(0) : rules::nothing(); }},
    {"cancel_terms", "(a + b) - a -> b", Family::cancel, {Op::add, Op::subtract}, rules::sums, rules::any, rules::cancel_terms},
    {"cancel_terms", "a - (b + a) -> -b", Family::cancel, Op::subtract, rules::any, rules::sums, rules::cancel_terms},
    {"cancel_factors", "(a * b) / a -> b", Family::cancel, {Op::multiply, Op::divide}, rules::quotients, rules::any, rules::cancel_factors},
    {"cancel_factors", "a / (b * a) -> 1 / b", Family::cancel, Op::divide, rules::any, rules::quotients, rules::cancel_factors},
    {"divide_by_inverse", "x / (1 / y) -> x * y", Family::cancel, Op::divide, rules::any, Op::divide,
     [](const Match& m) { return rules::is_constant(m.b.operand(0), 1) ? m.a * m.b.operand(1) : rules::nothing(); }},
    {"exp_log", "exp(log(x)) -> x", Family::cancel, Op::exp, Op::log, rules::any,
     [](const Match& m) { return m.a.operand(0); }},
    {"expm1_log1p", "expm1(log1p(x)) -> x", Family::cancel, Op::expm1, Op::log1p, rules::any,
     [](const Match& m) { return m.a.operand(0); }},
    {"log1p_expm1", "log1p(expm1(x)) -> x", Family::cancel, Op::log1p, Op::expm1, rules::any,
     [](const Match& m) { return m.a.operand(0); }},
};
// clang-format on

}  // namespace tg::passes
