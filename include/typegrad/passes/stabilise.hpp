// Formulas that overflow or cancel become the ones that do not: each a row, the identity beside it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/simplify.hpp"

namespace tg::passes {

namespace rules {

// clang-format off
// log of what? Seen through shapes and indices, which change no number.
constexpr Var stable_log(Var x) {
  switch (x.node().across ? Op::count : x.node().op) {
    case Op::softmax: return log_softmax(x.operand(0), x.node().attributes[0]);  // log(softmax(x)) -> log_softmax(x)
    case Op::sigmoid: return -softplus(-x.operand(0));                           // log(sigmoid(x)) -> -softplus(-x)
    case Op::exp: return x.operand(0);                                           // log(exp(x)) -> x
    case Op::reshape: {                                                          // log(reshape(y)) -> reshape(log(y))
      const Var inner = stable_log(x.operand(0));
      return inner.id() < 0 ? inner : reshape(inner, x.shape());
    }
    case Op::pick: {                                                             // log(y[label]) -> log(y)[label]
      const Var inner = stable_log(x.operand(0));
      return inner.id() < 0 ? inner : pick(inner, x.operand(1));
    }
    case Op::subtract:                                                           // log(1 - sigmoid(x)) -> -softplus(x)
      if (is_constant(x.operand(0), 1) && is(x.operand(1), Op::sigmoid)) return -softplus(x.operand(1).operand(0));
      return nothing();
    case Op::add:                                                                // log(1 + x) -> log1p(x)
      for (int one = 0; one < 2; ++one)
        if (is_constant(x.operand(one), 1)) {
          const Var rest = x.operand(1 - one);
          return is(rest, Op::exp) ? softplus(rest.operand(0)) : log1p(rest);    // log(1 + exp(x)) -> softplus(x)
        }
      return nothing();
    default: return nothing();
  }
}

constexpr Var stable(const ir::Node& node, Var x, Var y) {
  switch (node.op) {
    case Op::log: return stable_log(x);
    case Op::log1p:
      if (is(x, Op::exp)) return softplus(x.operand(0));                         // log1p(exp(x)) -> softplus(x)
      if (is(x, Op::negate) && is(x.operand(0), Op::sigmoid))                    // log1p(-sigmoid(x)) -> -softplus(x)
        return -softplus(x.operand(0).operand(0));
      return nothing();
    case Op::subtract:
      if (is(x, Op::exp) && is_constant(y, 1)) return expm1(x.operand(0));       // exp(x) - 1 -> expm1(x)
      if (is_constant(x, 1) && is(y, Op::sigmoid)) return sigmoid(-y.operand(0));  // 1 - sigmoid(x) -> sigmoid(-x)
      return nothing();
    case Op::divide:
      // 1 / (1 + exp(-x)) -> sigmoid(x)
      if (is_constant(x, 1) && is(y, Op::add))
        for (int one = 0; one < 2; ++one)
          if (is_constant(y.operand(one), 1) && is(y.operand(1 - one), Op::exp)) return sigmoid(-y.operand(1 - one).operand(0));
      return nothing();
    default: return nothing();
  }
}

// clang-format on
}  // namespace rules

// Runs before the gradient is taken, so that the gradient is that of the stable formula.
constexpr ir::Graph stabilise(const ir::Graph& graph) {
  return rewrite(graph, [](ir::Builder& builder, const ir::Node& node, int) -> int {
    if (node.across || node.operands() == 0) return builder.append(node);
    const Var x{&builder, node.operand[0]};
    const Var y{&builder, node.operand[1] >= 0 ? node.operand[1] : node.operand[0]};
    const Var better = rules::stable(node, x, y);
    return better.id() >= 0 ? better.id() : builder.append(node);
  });
}

}  // namespace tg::passes
