// Which ops the CPU computes from halves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/kernel_table.hpp"
#include "typegrad/passes/halves.hpp"

namespace tg::cpu {

using passes::meets_halves;
using passes::stored_in_half;

// Blocks of memory are moved as they are: all of a kind.
constexpr bool moves_halves(const ir::Graph& graph, const ir::Node& node) {
  if (node.space != ir::Space::per_sample || node.shape.size() == 1) return false;
  for (int i = 0; i < node.operands(); ++i)
    if (!stored_in_half(graph, passes::resolve(graph, node.operand[i]).node)) return false;
  return true;
}

// The table of half forms: ops whose kernels convert as they read and round as they write. An op
// that has none does not compile in half; none falls back to float.
constexpr bool has_half_form(const ir::Graph& graph, const ir::Node& node) {
  if (node.region != 0) return false;  // the rows of loops are floats
  if (is_leaf(node.op) || is_sink(node.op) || is_elementwise(node.op)) return true;
  if (passes::is_view(graph, node)) return true;
  switch (node.op) {
    case Op::identity:
    case Op::outer:
    case Op::convolution_weight_gradient:
      return node.across || has_kernel(graph, node);
    case Op::matmul:
    case Op::sum:
      return (node.across && graph[node.operand[0]].space == ir::Space::per_sample) ||
             has_kernel(graph, node);
    case Op::slice:
    case Op::pad:
    case Op::concatenate:
      return moves_halves(graph, node);
    case Op::gather:
      return gathers(graph, node);
    case Op::scatter:
      return node.across;
    case Op::transpose:
    case Op::max:
    case Op::argmax:
    case Op::softmax:
    case Op::log_softmax:
    case Op::pick:
    case Op::one_hot:
    case Op::convolution:
    case Op::convolution_input_gradient:
    case Op::max_pool:
    case Op::max_pool_gradient:
    case Op::average_pool:
    case Op::average_pool_gradient:
      return has_kernel(graph, node);
    default:
      return false;
  }
}

// The first node that would need a half form and has none; -1 when all have one.
constexpr int without_half_form(const ir::Graph& graph) {
  for (int id = 0; id < graph.size(); ++id)
    if (!has_half_form(graph, graph[id]) && meets_halves(graph, id)) return id;
  return -1;
}

}  // namespace tg::cpu
