// Integers that choose: what they choose from, and so how large they may be.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/graph/node.hpp"

namespace tg::ir {

// The leaf whose integers a symbol holds, in whatever order; -1 when they were computed.
constexpr int leaf_under(const Graph& graph, int id) {
  while (kind_of(graph[id].op) == Kind::shape && graph[id].operands() == 1)
    id = graph[id].operand[0];
  return is_leaf(graph[id].op) ? id : -1;
}

// Which operand of a node chooses, and from how many; -1 when none does.
struct Choice {
  int operand = -1;
  int among = 0;
};
constexpr Choice choice_of(const Graph& graph, const Node& node) {
  const auto last = [](const Shape& shape) { return shape[shape.rank() - 1]; };
  switch (node.op) {
    case Op::gather:
      return {0, graph[node.operand[1]].shape[0]};
    case Op::scatter:
      return {0, node.shape[0]};
    case Op::pick:
      return {1, last(graph[node.operand[0]].shape)};
    case Op::one_hot:
      return {0, last(node.shape)};
    default:
      return {};
  }
}

// Of how many the integers of a leaf choose at least, and by which node; the largest int and -1
// when they choose nothing.
struct NarrowestChoice {
  int among = std::numeric_limits<int>::max();
  int node = -1;
};
constexpr NarrowestChoice narrowest_choice(const Graph& graph, int leaf) {
  NarrowestChoice result;
  for (int id = 0; id < graph.size(); ++id) {
    const Choice choice = choice_of(graph, graph[id]);
    if (choice.operand < 0 || leaf_under(graph, graph[id].operand[choice.operand]) != leaf)
      continue;
    if (choice.among < result.among) result = {choice.among, id};
  }
  return result;
}
constexpr int choices_of(const Graph& graph, int leaf) {
  return narrowest_choice(graph, leaf).among;
}

}  // namespace tg::ir
