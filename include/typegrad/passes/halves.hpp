// Which values of a program in half precision lie in memory as halves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/slots.hpp"
#include "typegrad/passes/sources.hpp"

namespace tg::passes {

// In a program whose numbers are stored in bf16 or f16, these lie in memory as halves: parameters,
// and values of each sample. Not so: what the samples share and is no parameter (states, sums
// across samples, gradients); random numbers, integers and truths, which are no measurements; what
// a reduction gives, and numbers that a sample has one of, such as its loss: they are few, and much
// follows from them.
template <int Room>
constexpr bool stored_in_half(const ir::GraphOf<Room>& graph, int id) {
  const ir::Node& node = graph[id];
  if (!is_floating(node.dtype)) return false;
  if (node.op == Op::parameter) return true;
  return node.space == ir::Space::per_sample && node.shape.size() > 1 && node.op != Op::uniform &&
         node.op != Op::normal && node.op != Op::constant && kind_of(node.op) != Kind::reduction;
}

// Whether a node reads halves or makes them.
constexpr bool meets_halves(const ir::Graph& graph, int id) {
  if (stored_in_half(graph, id)) return true;
  for (int i = 0; i < graph[id].operands(); ++i)
    if (stored_in_half(graph, resolve(graph, graph[id].operand[i]).node)) return true;
  return false;
}

// Whether a stored value does: what the planner decides, and the new value of a parameter that is
// made where the parameter lies, in `slot` (-1: it is in none).
template <int Room>
constexpr bool lies_in_half(const ir::GraphOf<Room>& graph, int id, int slot) {
  if (stored_in_half(graph, id)) return true;
  if (is_leaf(graph[id].op) || slot < 0) return false;
  for (const ir::Node& node : graph.nodes)
    if (node.op == Op::parameter && slot == leaf_slot(node.attributes[0])) return true;
  return false;
}

// Of each node of what a backend lowered, whether its value is rounded when it is made, as memory
// will hold it: what reference::Rounding asks.
template <class L>
constexpr auto rounded_nodes() {
  std::array<bool, L::graph.size()> rounded{};
  for (int id = 0; id < L::graph.size(); ++id) {
    const ir::Node& node = L::graph[id];
    const bool in_memory = is_leaf(node.op) || L::fusion.stored[id];
    rounded[std::size_t(id)] = node.op == Op::update
                                   ? L::halves && L::graph.operand(id, 0).op == Op::parameter
                                   : in_memory && L::is_half(id);
  }
  return rounded;
}

}  // namespace tg::passes
