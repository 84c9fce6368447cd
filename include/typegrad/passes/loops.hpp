// Loops as a backend runs them: each body in one piece, of values that samples share or of others.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// Post: the nodes of a body lie together; what they read from outside lies before them, and what
// reads what the loop leaves lies behind. Sinks come last.
constexpr ir::Graph gather_loops(const ir::Graph& graph) {
  if (graph.regions == 0) return graph;
  // How many loops lie before a node, at most; for a loop, before any node of its body.
  std::int16_t depth[max_nodes]{};
  FixedVector<std::int16_t, max_nodes> loop_depth;
  loop_depth.resize(graph.regions + 1);
  int deepest = 0;
  for (bool again = true; again;) {
    again = false;
    for (int id = 0, size = graph.size(); id < size; ++id) {
      const ir::Node node = graph[id];
      std::int16_t& mine = node.region != 0 ? loop_depth[node.region] : depth[id];
      const std::int16_t before = mine;
      for (int i = 0; i < ir::max_operands && node.operand.elements[i] >= 0; ++i) {
        const int from = node.operand.elements[i], region = graph[from].region;
        if (region != 0 && region == node.region) continue;
        const int at = region != 0 ? loop_depth[region] + 1 : depth[from];
        mine = mine < at ? std::int16_t(at) : mine;
      }
      again = again || (mine != before && node.region != 0);
      deepest = mine > deepest ? mine : deepest;
    }
  }
  // By depth, then outside of loops before their bodies: by counting, so that the order stays.
  const auto key = [&](int id) {
    const ir::Node& node = graph[id];
    const int at = node.region != 0 ? loop_depth[node.region] : depth[id];
    return is_sink(node.op) ? (deepest + 1) * (graph.regions + 1)
                            : at * (graph.regions + 1) + node.region;
  };
  FixedVector<int, 4 * max_nodes> begin;
  begin.resize((deepest + 1) * (graph.regions + 1) + 2);
  for (int id = 0, size = graph.size(); id < size; ++id) ++begin[key(id) + 1];
  for (int k = 1; k < begin.size(); ++k) begin[k] += begin[k - 1];
  PerNode<std::int16_t> order{};
  for (int id = 0, size = graph.size(); id < size; ++id) order[begin[key(id)]++] = std::int16_t(id);
  return rewrite(
      graph,
      [](ir::Builder& builder, const ir::Node& node, int) -> int { return builder.append(node); },
      order);
}

// Post: the values that a body computes are all per sample or all shared. What samples share in a
// loop over samples becomes a loop of its own, before that one.
constexpr ir::Graph separate_loops(const ir::Graph& graph) {
  if (graph.regions == 0) return graph;
  struct Loop {
    int steps = 1, shared = 0;  // `shared`: the new loop
    bool has_shared = false, has_others = false;
  };
  FixedVector<Loop, max_nodes> loops;
  loops.resize(graph.regions + 1);
  for (const ir::Node& node : graph.nodes) {
    Loop& loop = loops[node.region];
    if (ir::steps_of(node) > 0) loop.steps = ir::steps_of(node);
    if (node.op == Op::element) continue;
    (node.space == ir::Space::shared ? loop.has_shared : loop.has_others) = true;
  }
  return rewrite(graph, [&](ir::Builder& builder, ir::Node node, int id) -> int {
    const int region = graph[id].region;
    Loop& loop = loops[region];
    if (region == 0 || !loop.has_shared || !loop.has_others || node.op == Op::element)
      return builder.append(node);
    if (loop.shared == 0) loop.shared = builder.new_region();
    const bool shared = node.space == ir::Space::shared;
    if (node.op == Op::carry && shared) node.region = std::int16_t(loop.shared);
    for (int i = 0, count = node.operands(); i < count; ++i) {
      const Var operand{&builder, node.operand[i]};
      const ir::Node from = operand.node();
      if (shared && from.op == Op::element && from.region == region)
        node.operand[i] = std::int16_t(
            ir::element(loop.shared, operand.operand(0), ir::RowRange::of(from.attributes)).id());
      else if (!shared && from.region == loop.shared)
        node.operand[i] = std::int16_t(
            ir::element(region, ir::collect(operand, loop.steps, false), {loop.steps}).id());
    }
    return builder.append(node);
  });
}

}  // namespace tg::passes
