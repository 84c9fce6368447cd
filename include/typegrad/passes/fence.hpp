// Keeps rewrites from reading past a value that a gradient is asked for.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// The values in between that gradients are asked for: their readers must go on reading them.
constexpr PerNode<bool> find_wanted(const ir::Graph& graph) {
  PerNode<bool> wanted{};
  for (const ir::Node& node : graph.nodes)
    if (node.op == Op::gradient && !is_leaf(graph[node.operand[1]].op))
      wanted[node.operand[1]] = true;
  return wanted;
}

constexpr bool needs_fence(const ir::Graph& graph) {
  const auto wanted = find_wanted(graph);
  for (int id = 0; id < graph.size(); ++id)
    if (wanted[id]) return true;
  return false;
}

// y -> identity(y) for every such value: in d f(reshape(y)) / dy no rule sees what y is made of, so
// none makes f a function of that. Once the gradient is expanded, identity(y) -> y.
constexpr ir::Graph fence(const ir::Graph& graph) {
  const auto wanted = find_wanted(graph);
  return rewrite(graph, [&](ir::Builder& builder, const ir::Node& node, int id) -> int {
    const int made = builder.append(node);
    if (!wanted[id]) return made;
    return ir::emit(&builder, Op::identity, node.shape, node.dtype, {std::int16_t(made), -1, -1})
        .id();
  });
}

}  // namespace tg::passes
