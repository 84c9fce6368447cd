// Formulas that overflow or cancel become the ones that do not, as the tables in passes/rules say.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rules/book.hpp"

namespace tg::passes {

// Runs before the gradient is taken, so that the gradient is that of the stable formula.
constexpr ir::Graph stabilise(const ir::Graph& graph) { return apply_rules(graph, stabilisations); }

}  // namespace tg::passes
