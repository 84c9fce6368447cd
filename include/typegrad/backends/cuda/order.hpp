// The order of a graph's nodes for a device: by how many kernels lie before each.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/index_map.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::cuda {

// A group of the fusion takes up element-wise nodes when all else that they read is made by groups
// before it. As every step runs as early as it can, what needs fewer kernels comes first: then what
// labels alone say is there when a loss's gradient is made. Of these, what is made of single
// numbers, such as a solver's corrections, comes first: then one group takes up all that is made of
// the arrays and of these. Post: each node lies behind its operands, and sinks come last. A graph
// with loops stays as it is.
constexpr ir::Graph order_by_depth(const ir::Graph& graph) {
  if (graph.regions > 0) return graph;
  passes::PerNode<std::int16_t> depth{}, order{};  // 2 a kernel, and 1 for what is no single number
  int deepest = 0;
  for (int id = 0; id < graph.size(); ++id) {
    const ir::Node& node = graph[id];
    const bool costs_nothing = is_leaf(node.op) || passes::is_view(graph, node) ||
                               (is_elementwise(node.op) && !node.across);
    const bool is_number = node.shape.size() == 1 && node.space == ir::Space::shared;
    for (int i = 0; i < node.operands(); ++i)
      if (depth[id] < depth[node.operand[i]]) depth[id] = depth[node.operand[i]];
    if (!costs_nothing) depth[id] = std::int16_t(depth[id] / 2 * 2 + 2);
    if (!is_number) depth[id] = std::int16_t(depth[id] | 1);
    if (deepest < depth[id]) deepest = depth[id];
  }
  for (int id = 0; id < graph.size(); ++id)
    if (is_sink(graph[id].op)) depth[id] = std::int16_t(deepest + 1);
  // By counting: nodes of one depth stay in their order.
  FixedVector<int, passes::max_nodes> begin;
  begin.resize(deepest + 3);
  for (int id = 0; id < graph.size(); ++id) ++begin[depth[id] + 1];
  for (int d = 1; d < begin.size(); ++d) begin[d] += begin[d - 1];
  for (int id = 0; id < graph.size(); ++id) order[begin[depth[id]]++] = std::int16_t(id);
  return passes::rewrite(
      graph,
      [](ir::Builder& builder, const ir::Node& node, int) -> int { return builder.append(node); },
      order);
}

}  // namespace tg::cuda
