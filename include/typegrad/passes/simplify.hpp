// Algebraic identities, as the tables in passes/rules say them.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rules/book.hpp"

namespace tg::passes {

constexpr ir::Graph simplify(const ir::Graph& graph) { return apply_rules(graph, simplifications); }

}  // namespace tg::passes
