// Which nodes have kernels on a device, and which of them read and write halves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/passes/anchors.hpp"
#include "typegrad/passes/halves.hpp"

namespace tg::cuda {

// Nodes whose kernel hands its results to an epilogue: per-sample ones, and sums across samples but
// for products, which a library may make. Everything else is element-wise, such a product, or left
// to the reference's loops.
template <int Room>
constexpr bool takes_epilogue(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  const bool moves = node.op == Op::slice || node.op == Op::pad || node.op == Op::concatenate ||
                     node.op == Op::gather;
  if (node.across) return node.op != Op::outer && node.op != Op::matmul;
  return passes::has_kernel(graph, node) ||
         (moves && !node.across && node.space == ir::Space::per_sample);
}

// Values that samples share have these kernels, too, as those of one sample.
template <int Room>
constexpr bool has_shared_kernel(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  switch (node.op) {
    case Op::matmul:
    case Op::outer:
    case Op::transpose:
    case Op::softmax:
    case Op::log_softmax:
    case Op::slice:
    case Op::pad:
    case Op::concatenate:
    case Op::gather:
      return true;
    case Op::sum:
    case Op::max:
    case Op::argmax:
      return passes::reduction_extents(graph[node.operand[0]].shape, node.attributes[0]).together;
    default:
      return false;
  }
}

// The first node of a graph that no device computes; -1 when there is none.
constexpr int without_kernel(const ir::Graph& graph) {
  for (int id = 0; id < graph.size(); ++id)
    if (graph[id].op == Op::custom && !graph[id].row->has_cuda) return id;
  return -1;
}

// The table of half forms: kernels take what lies in memory as they find it, but the reference's
// loops, a user's kernels, and loops, whose rows are as the program computes.
constexpr bool has_half_form(const ir::Graph& graph, const ir::Node& node) {
  if (node.region != 0 || node.op == Op::custom) return false;
  if (is_leaf(node.op) || is_sink(node.op) || is_elementwise(node.op)) return true;
  if (passes::is_view(graph, node) || node.across || node.op == Op::identity) return true;
  return node.space == ir::Space::shared ? has_shared_kernel(graph, node)
                                         : takes_epilogue(graph, node);
}
// The first node that would need a half form and has none; -1 when all have one.
constexpr int without_half_form(const ir::Graph& graph) {
  for (int id = 0; id < graph.size(); ++id)
    if (!has_half_form(graph, graph[id]) && passes::meets_halves(graph, id)) return id;
  return -1;
}

// What a backend of this folder tells runtime/ of itself.
struct Table {
  static constexpr int without_kernel(const ir::Graph& graph) {
    return cuda::without_kernel(graph);
  }
  static constexpr int without_half_form(const ir::Graph& graph) {
    return cuda::without_half_form(graph);
  }
};

}  // namespace tg::cuda
