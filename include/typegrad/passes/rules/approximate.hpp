// Rules that give other numbers for less work: only who names them has them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/mathematics.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg {

// tg::Function<F, tg::Cpu, tg::own_rules<tg::HardSigmoids>>: each sigmoid is a hard one, at most
// 0.07 beside it. The gradient stays that of the sigmoid, y (1 - y), of such a y.
struct HardSigmoids {
  static constexpr passes::Rule rules[] = {
      {"hard_sigmoid", "sigmoid(x) -> clip(x / 6 + 1/2, 0, 1)", passes::Family::choice, Op::sigmoid,
       passes::rules::any, passes::rules::any,
       [](const passes::Match& m) { return hard_sigmoid(m.a); }, false,
       passes::When::after_gradient}};
};

}  // namespace tg
