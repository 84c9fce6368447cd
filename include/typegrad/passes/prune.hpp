// Keeps what outputs, updates and solvers need; equal nodes merge on the way.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

constexpr PerNode<bool> find_needed(const ir::Graph& graph) {
  PerNode<bool> needed{};
  for (int id = 0, size = graph.size(); id < size; ++id)
    needed.elements[id] = is_sink(graph[id].op);
  ir::mark_needed(graph, needed.elements);
  return needed;
}

// Post: every node is a sink or is read by one; sinks come last, in their order.
constexpr ir::Graph prune(const ir::Graph& graph) {
  const auto needed = find_needed(graph);
  return rewrite(graph, [&](ir::Builder& builder, const ir::Node& node, int id) {
    return needed.elements[id] ? builder.append(node) : 0;
  });
}

}  // namespace tg::passes
