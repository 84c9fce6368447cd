// The walk that most passes share: copy a graph node by node, asking a rule what each becomes.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/var.hpp"

namespace tg::passes {

inline constexpr int max_nodes = TYPEGRAD_MAX_NODES;
template <class T, int Room = max_nodes>
using PerNode = Array<T, Room>;

// How many nodes read each node.
constexpr PerNode<std::int16_t> count_uses(const ir::Graph& graph) {
  PerNode<std::int16_t> uses{};
  for (int id = 0, size = graph.size(); id < size; ++id) {
    const ir::Operands read = graph[id].operand;
    for (int i = 0; i < ir::max_operands && read.elements[i] >= 0; ++i)
      ++uses.elements[read.elements[i]];
  }
  return uses;
}

// Every node where it is.
struct InOrder {
  constexpr int operator[](int place) const { return place; }
};

// Node order[place] is the next one; operands come before their readers.
// `rule(builder, node, id)` gets the node with its operands already in the new graph and its id in
// the old one; it answers with the id, in the new graph, of what takes its place. Equal nodes merge
// as they are appended.
template <class Rule, class Order = InOrder>
constexpr ir::Graph rewrite(const ir::Graph& graph, Rule rule, const Order& order = {}) {
  ir::Builder builder;
  builder.graph.fault = graph.fault;
  builder.graph.floating = graph.floating;
  builder.graph.regions = graph.regions;
  std::int16_t moved[max_nodes]{};
  for (int place = 0, size = graph.size(); place < size; ++place) {
    const int id = order[place];
    ir::Node node = graph[id];
    auto& operand = node.operand.elements;
    for (int i = 0; i < ir::max_operands && operand[i] >= 0; ++i) operand[i] = moved[operand[i]];
    builder.scope = node.scope;
    builder.place = node.place;
    // What has become the same in all steps of a loop is repeated, not collected.
    if (node.op == Op::collect && builder.graph[node.operand[0]].region == 0)
      node.op = Op::broadcast, node.attributes = {};
    moved[id] = std::int16_t(rule(builder, node, id));
  }
  return builder.graph;
}

}  // namespace tg::passes
