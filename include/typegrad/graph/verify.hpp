// Says whether a graph is one: operands first, shapes, dtypes and spaces that fit.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/shape_rules.hpp"

namespace tg::ir {

// The first node that is wrong, or -1.
constexpr int first_wrong_node(const Graph& graph) {
  for (int id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    const int operands = row_of(node.op).operands;
    if (operands >= 0 && node.operands() != operands) return id;
    Space space = is_leaf(node.op) ? node.space : Space::shared;
    for (int i = 0; i < node.operands(); ++i) {
      if (node.operand[i] >= id || is_sink(graph[node.operand[i]].op)) return id;
      if (graph[node.operand[i]].space == Space::per_sample) space = Space::per_sample;
    }
    if (node.across && space != Space::per_sample) return id;
    if (node.space != (node.across ? Space::shared : space)) return id;
    if (!shape_rule(node.op).fits({graph, node})) return id;
  }
  return -1;
}

constexpr bool valid(const Graph& graph) { return first_wrong_node(graph) < 0; }

}  // namespace tg::ir
