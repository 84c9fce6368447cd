// What tg::unchecked leaves out of a graph.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/passes/rules/rule.hpp"

namespace tg::passes {

namespace rules {

constexpr Var without_assertion(const Match& m) { return m.node->row->asserts ? m.a : nothing(); }

}  // namespace rules

// No part of any family that a mode has by itself: tg::Unchecked.
inline constexpr Rule assertion_rules[] = {
    {"remove_assertion", "assert_that(x, c) -> x", Family::arithmetic, Op::custom, rules::any,
     rules::any, rules::without_assertion},
};

}  // namespace tg::passes
