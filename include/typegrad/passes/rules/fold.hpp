// Operations on constants, done while compiling.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/math.hpp"
#include "typegrad/graph/meaning.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

// Whether the node's dtype holds the number as it is.
constexpr bool exact(const ir::Node& node, double value) {
  if (value != value) return false;
  if (is_floating(node.dtype)) return true;
  const bool truth = node.dtype == DType::boolean, is_small = is_short(node.dtype);
  const double lowest = truth      ? 0
                        : is_small ? lowest_of(node.dtype)
                                   : -2147483648.0,
               highest = truth      ? 1
                         : is_small ? highest_of(node.dtype)
                                    : 2147483647.0;
  return value >= lowest && value <= highest && value == double((long long)value);
}

constexpr Var fold_elementwise(const Match& m) {
  double value[ir::max_operands]{};
  for (int i = 0; i < m.node->operands(); ++i) {
    const ir::Node& operand = m.builder->graph[m.node->operand[i]];
    if (operand.op != Op::constant) return nothing();
    value[i] = operand.value;
  }
  const double folded = meaning(m.node->op, value[0], value[1], value[2]);
  return exact(*m.node, folded) ? m.number(folded) : nothing();
}

// The number that a reduction or a row of equal numbers has.
constexpr Var fold_row(const Match& m) {
  const double c = value_of(m.a);
  const int extent = m.a.shape().size() / m.shape().size();
  switch (m.node->op) {
    case Op::sum:
      return m.number(c * extent);
    case Op::max:
      return m.number(c);
    case Op::argmax:
      return m.number(0);
    case Op::softmax:
      return m.number(1.0 / m.shape()[m.attribute(0)]);
    case Op::log_softmax:
      return m.number(-math::log(double(m.shape()[m.attribute(0)])));
    default:
      return nothing();
  }
}

inline constexpr Ops moves{Op::reshape, Op::broadcast, Op::slice, Op::transpose, Op::identity};
inline constexpr Ops rows{Op::sum, Op::max, Op::argmax, Op::softmax, Op::log_softmax};
inline constexpr Ops products{Op::matmul, Op::outer, Op::convolution,
                              Op::convolution_input_gradient, Op::convolution_weight_gradient};

}  // namespace rules

// clang-format off
inline constexpr Rule fold_rules[] = {
    {"fold_elementwise", "op(constants) -> constant", Family::fold, rules::elementwise, Op::constant, rules::any, rules::fold_elementwise},
    {"fold_move", "move(c) -> c", Family::fold, rules::moves, Op::constant, rules::any,
     [](const Match& m) { return m.number(rules::value_of(m.a)); }},
    {"fold_row", "sum(c) -> n c, max(c) -> c, softmax(c) -> 1 / n", Family::fold, rules::rows, Op::constant, rules::any, rules::fold_row},
    {"fold_pad", "pad(0) -> 0", Family::fold, Op::pad, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? m.number(0) : rules::nothing(); }},
    {"fold_concatenate", "concatenate(c, c) -> c", Family::fold, Op::concatenate, Op::constant, Op::constant,
     [](const Match& m) {
       const bool third = m.node->operands() < 3 || rules::is_constant(m.c, rules::value_of(m.a));
       return third && rules::is_constant(m.b, rules::value_of(m.a)) ? m.number(rules::value_of(m.a)) : rules::nothing();
     }},
    {"fold_pick", "c[label] -> c", Family::fold, Op::pick, Op::constant, rules::any,
     [](const Match& m) { return m.number(rules::value_of(m.a)); }},
    {"fold_gather", "rows of c -> c", Family::fold, Op::gather, rules::any, Op::constant,
     [](const Match& m) { return m.number(rules::value_of(m.b)); }},
    {"product_of_zero", "0 B -> 0", Family::fold, rules::products, Op::constant, rules::any,
     [](const Match& m) { return rules::is_constant(m.a, 0) ? m.number(0) : rules::nothing(); }},
    {"product_with_zero", "A 0 -> 0", Family::fold, rules::products, rules::any, Op::constant,
     [](const Match& m) { return rules::is_constant(m.b, 0) ? m.number(0) : rules::nothing(); }},
    {"fold_across", "sum_s c -> samples c", Family::fold, Op::identity, Op::constant, rules::any,
     [](const Match& m) {
       return m.number(rules::value_of(m.a)) * broadcast(cast(sample_count(m.builder), m.node->dtype), m.shape());
     }, true},
};
// clang-format on

}  // namespace tg::passes
