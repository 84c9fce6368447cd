// Says whether a graph is one: operands first, shapes, dtypes and spaces that fit.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/shape_rules.hpp"

namespace tg::ir {

// Whether a node is in the body of the loop that its operands are in, or enters or leaves one.
constexpr bool region_fits(const Graph& graph, const Node& node) {
  if (node.region < 0 || node.region > graph.regions) return false;
  if (enters_loop(node.op) && node.region == 0) return false;
  if (leaves_loop(node.op) && graph[node.operand[0]].region == 0) return false;
  const bool crosses = enters_loop(node.op) || leaves_loop(node.op);
  std::int16_t inside = 0;
  for (int i = 0, count = node.operands(); i < count; ++i) {
    const std::int16_t region = graph[node.operand[i]].region;
    if (region == 0) continue;
    if (inside != 0 && region != inside) return false;
    inside = region;
  }
  if (enters_loop(node.op)) return inside == 0;
  return crosses || is_sink(node.op) ? node.region == 0 : node.region == inside;
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
  for (int id = 0; id < graph.size(); ++id) {
    const Node& node = graph[id];
    const int operands = row_of(node.op).operands;
    if (operands >= 0 && node.operands() != operands) return id;
    Space space = is_leaf(node.op) ? node.space : Space::shared;
    for (int i = 0, count = node.operands(); i < count; ++i) {
      if (node.operand[i] >= id || is_sink(graph[node.operand[i]].op)) return id;
      if (graph[node.operand[i]].space == Space::per_sample) space = Space::per_sample;
    }
    if (node.op == Op::carry && node.space == Space::per_sample) space = Space::per_sample;
    if (graph.regions > 0 && !region_fits(graph, node)) return id;
    if (node.across && space != Space::per_sample) return id;
    if (node.space != (node.across ? Space::shared : space)) return id;
    if (!shape_rule(node.op).fits({graph, node})) return id;
  }
  return second_next(graph);
}

constexpr bool valid(const Graph& graph) { return first_wrong_node(graph) < 0; }

}  // namespace tg::ir
