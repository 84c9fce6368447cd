// Says whether a graph is one: operands first, shapes, dtypes and spaces that fit.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/shape_rules.hpp"

namespace tg::ir {

// Whether a node is in the body of the loop that its operands are in, or enters or leaves one.
constexpr bool region_fits(const Graph& graph, const Node& node) {
  if (node.region < 0 || node.region > graph.regions) return false;
  const bool enters = enters_loop(node.op), leaves = leaves_loop(node.op);
  if (enters && node.region == 0) return false;
  if (leaves && graph[node.operand[0]].region == 0) return false;
  std::int16_t inside = 0;
  for (int i = 0; i < max_operands && node.operand.elements[i] >= 0; ++i) {
    const std::int16_t region = graph[node.operand.elements[i]].region;
    if (region == 0) continue;
    if (inside != 0 && region != inside) return false;
    inside = region;
  }
  if (enters) return inside == 0;
  return leaves || is_sink(node.op) ? node.region == 0 : node.region == inside;
}

// The first `next` of a carry that has one already, or -1.
constexpr int second_next(const Graph& graph) {
  if (graph.regions == 0) return -1;
  Array<bool, TYPEGRAD_MAX_NODES> has_next{};
  for (int id = 0; id < graph.size(); ++id) {
    if (graph[id].op != Op::next) continue;
    if (has_next[graph[id].operand[0]]) return id;
    has_next[graph[id].operand[0]] = true;
  }
  return -1;
}

// The first node that is wrong, or -1.
constexpr int first_wrong_node(const Graph& graph) {
  for (int id = 0, size = graph.size(); id < size; ++id) {
    const Node node = graph[id];  // a copy costs a compiler less than two reads of the graph
    const OpRow& row = op_table[int(node.op)];
    const int operands = node.operands();
    if (row.operands >= 0 && operands != row.operands) return id;
    Space space = row.kind == Kind::leaf ? node.space : Space::shared;
    for (int i = 0; i < operands; ++i) {
      if (node.operand.elements[i] >= id) return id;
      const Node& from = graph[node.operand.elements[i]];
      if (is_sink(from.op)) return id;
      if (from.space == Space::per_sample) space = Space::per_sample;
    }
    if (node.op == Op::carry && node.space == Space::per_sample) space = Space::per_sample;
    if ((graph.regions > 0 || node.region != 0) && !region_fits(graph, node)) return id;
    if (node.across && space != Space::per_sample) return id;
    if (node.space != (node.across ? Space::shared : space)) return id;
    if (row.kind != Kind::leaf && !shape_rule(node.op).fits({graph, node})) return id;
  }
  return second_next(graph);
}

constexpr bool valid(const Graph& graph) { return first_wrong_node(graph) < 0; }

}  // namespace tg::ir
