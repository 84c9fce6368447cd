// Logarithms and exponentials that would overflow, or lose what is small beside 1.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/passes/rules/error_function.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

// The logarithm of x by a formula that neither overflows nor cancels, seen through whatever moves,
// picks, chooses or repeats numbers without changing them; nothing where x is of another kind.
constexpr Var stable_log(Var x, int depth = 0);

// The logarithms of two values of which at least one is stable.
constexpr bool stable_logs(Var a, Var b, Var& log_a, Var& log_b, int depth) {
  log_a = stable_log(a, depth), log_b = stable_log(b, depth);
  if (log_a.id() < 0 && log_b.id() < 0) return false;
  if (log_a.id() < 0) log_a = log(a);
  if (log_b.id() < 0) log_b = log(b);
  return true;
}

constexpr Var log_of_sum(Var x) {
  for (int one = 0; one < 2; ++one)
    if (is_constant(x.operand(one), 1)) {
      const Var rest = x.operand(1 - one);
      if (is(rest, Op::exp)) return softplus(rest.operand(0));
      if (is(rest, Op::erf)) return log_erfc(-rest.operand(0));
      if (is(rest, Op::negate)) {
        const Var less_one = rest.operand(0);
        return is(less_one, Op::sigmoid) ? -softplus(less_one.operand(0)) : log1p(rest);
      }
      return log1p(rest);
    }
  if (!is(x.operand(0), Op::exp) || !is(x.operand(1), Op::exp)) return nothing();
  // The larger plus softplus(smaller - larger). One comparison chooses both, so that of equals each
  // gets half of the gradient.
  const Var a = x.operand(0).operand(0), b = x.operand(1).operand(0), second = less(a, b);
  const Var larger = select(second, b, a), smaller = select(second, a, b);
  return larger + softplus(smaller - larger);
}

// log(sum(exp(x))) -> m + log(sum(exp(x - m))), m the maximum, through which no gradient flows
constexpr Var log_sum_exp(Var total) {
  const Var x = total.operand(0).operand(0);
  const int mask = total.node().attributes[0];
  Shape kept = x.shape();
  for (int axis = 0; axis < kept.rank(); ++axis)
    if ((mask >> axis & 1) != 0) kept.set(axis, 1);
  const Var largest = stop_gradient(ir::reduce(Op::max, x, mask));
  const Var shift = broadcast(reshape(largest, kept), x.shape());
  if (is(x, Op::subtract) && is(x.operand(1), Op::broadcast)) {  // shifted already
    const Var by = x.operand(1).operand(0);
    const Var from = is(by, Op::reshape) ? by.operand(0) : by;
    if (is(from, Op::stop_gradient) || is(from, Op::max)) return nothing();
  }
  return largest + log(ir::reduce(Op::sum, exp(x - shift), mask));
}

// log(sum(one_hot(label) * x)) -> log(x)[label]
constexpr Var chosen_log(Var total, int depth) {
  const Var product = total.operand(0);
  if (!is(product, Op::multiply) || product.shape().rank() != 1) return nothing();
  for (int i = 0; i < 2; ++i) {
    const Var hot = product.operand(i);
    if (!is(hot, Op::one_hot) || hot.operand(0).dtype() != i32) continue;
    const Var inner = stable_log(product.operand(1 - i), depth);
    return inner.id() < 0 ? inner : pick(inner, hot.operand(0));
  }
  return nothing();
}

// Through an operation that only moves numbers.
constexpr Var moved_log(Var x, int depth) {
  const Var inner = stable_log(x.operand(0), depth);
  if (inner.id() < 0) return inner;
  if (is(x, Op::element))
    return ir::element(x.node().region, inner, ir::RowRange::of(x.node().attributes));
  ir::Operands operands = x.node().operand;
  operands[0] = std::int16_t(inner.id());
  return ir::emit(x.builder(), x.node().op, x.shape(), x.dtype(), operands, x.node().attributes);
}

constexpr Var stable_log(Var x, int depth) {
  constexpr int deepest = 12;
  if (x.node().across || ++depth > deepest) return nothing();
  Var a, b;
  // clang-format off
  switch (x.node().op) {
    case Op::softmax: return log_softmax(x.operand(0), x.node().attributes[0]);  // log(softmax(x)) -> log_softmax(x)
    case Op::sigmoid: return -softplus(-x.operand(0));                           // log(sigmoid(x)) -> -softplus(-x)
    case Op::exp: return x.operand(0);                                           // log(exp(x)) -> x
    case Op::erfc: return log_erfc(x.operand(0));                                // log(erfc(x))
    case Op::add: return log_of_sum(x);                                          // log(1 + x) -> log1p(x), log(exp(x) + exp(y))
    case Op::sum: return is(x.operand(0), Op::exp) ? log_sum_exp(x) : chosen_log(x, depth);  // log(sum(exp(x)))
    case Op::subtract:                                                           // log(1 - x) -> log1p(-x)
      if (!is_constant(x.operand(0), 1)) return nothing();
      return is(x.operand(1), Op::sigmoid) ? -softplus(x.operand(1).operand(0)) : log1p(-x.operand(1));
    case Op::multiply:                                                           // log(x * y) -> log(x) + log(y)
      return stable_logs(x.operand(0), x.operand(1), a, b, depth) ? a + b : nothing();
    case Op::divide:                                                             // log(x / y) -> log(x) - log(y)
      return stable_logs(x.operand(0), x.operand(1), a, b, depth) ? a - b : nothing();
    case Op::select:                                                             // log(select(c, x, y)) -> select(c, log(x), log(y))
      return stable_logs(x.operand(1), x.operand(2), a, b, depth) ? select(x.operand(0), a, b) : nothing();
    case Op::gather:                                                             // log(rows of x) -> rows of log(x)
      a = stable_log(x.operand(1), depth);
      return a.id() < 0 ? a : gather(a, x.operand(0));
    case Op::reshape: case Op::transpose: case Op::slice: case Op::pick: case Op::broadcast:
    case Op::stop_gradient: case Op::element: case Op::collect:
      return moved_log(x, depth);                                                // log(move(x)) -> move(log(x))
    default: return nothing();
  }
  // clang-format on
}

inline constexpr Ops seen_through{Op::erfc,          Op::softmax, Op::sigmoid,  Op::exp,
                                  Op::add,           Op::sum,     Op::subtract, Op::multiply,
                                  Op::divide,        Op::select,  Op::gather,   Op::reshape,
                                  Op::transpose,     Op::slice,   Op::pick,     Op::broadcast,
                                  Op::stop_gradient, Op::element, Op::collect};

}  // namespace rules

// clang-format off
inline constexpr Rule logarithm_rules[] = {
    {"stable_log", "log(softmax(x)) -> log_softmax(x), log(1 + x) -> log1p(x), log(sum(exp(x))), …, seen through what moves numbers", Family::logarithm, Op::log, rules::seen_through, rules::any,
     [](const Match& m) { return rules::stable_log(m.a); }},
    {"log1p_exp", "log1p(exp(x)) -> softplus(x)", Family::logarithm, Op::log1p, Op::exp, rules::any,
     [](const Match& m) { return softplus(m.a.operand(0)); }},
    {"log1p_negated_sigmoid", "log1p(-sigmoid(x)) -> -softplus(x)", Family::logarithm, Op::log1p, Op::negate, rules::any,
     [](const Match& m) {
       const Var x = m.a.operand(0);
       return rules::is(x, Op::sigmoid) ? -softplus(x.operand(0)) : rules::nothing();
     }},
    {"exp_minus_one", "exp(x) - 1 -> expm1(x)", Family::logarithm, Op::subtract, Op::exp, Op::constant,
     [](const Match& m) { return rules::is_constant(m.b, 1) ? expm1(m.a.operand(0)) : rules::nothing(); }},
    {"exp_minus_one", "exp(x) + -1 -> expm1(x)", Family::logarithm, Op::add, Op::exp, Op::constant,
     [](const Match& m) { return rules::is_constant(m.b, -1) ? expm1(m.a.operand(0)) : rules::nothing(); }},
    {"one_minus_exp", "1 - exp(x) -> -expm1(x)", Family::logarithm, Op::subtract, Op::constant, Op::exp,
     [](const Match& m) { return rules::is_constant(m.a, 1) ? -expm1(m.b.operand(0)) : rules::nothing(); }},
};
// clang-format on

}  // namespace tg::passes
