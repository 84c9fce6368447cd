// Which nodes have kernels of other kinds on the CPU.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/passes/anchors.hpp"
#include "typegrad/passes/fuse.hpp"

namespace tg::cpu {

using passes::has_kernel;
using passes::is_matrix_times_vector;

// Rows that integers per sample choose from what samples share: run_gather.
template <int Room>
constexpr bool gathers(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  return node.op == Op::gather && graph[node.operand[0]].space == ir::Space::per_sample &&
         graph[node.operand[1]].space == ir::Space::shared;
}

// Ops that only move numbers: run_move does it, per sample or shared.
constexpr bool moves_parts(Op op) {
  return op == Op::slice || op == Op::pad || op == Op::concatenate;
}

// A user's operation that brings a kernel: run_custom.
constexpr bool has_own_kernel(const ir::Node& node) {
  return node.op == Op::custom && node.row->has_cpu;
}

// A product of values that samples share, which a kernel of the latency layout computes; not one so
// deep that a column of it has no room on the stack.
template <int Room>
constexpr bool is_shared_product(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  if (node.space != ir::Space::shared || node.across) return false;
  if (node.op == Op::outer) return true;
  constexpr int deepest = 8192;
  return node.op == Op::matmul &&
         ir::ProductExtents::of(graph[node.operand[0]].shape, graph[node.operand[1]].shape,
                                node.attributes)
                 .depth <= deepest;
}

// has_kernel() for one sample at a time.
template <int Room>
constexpr bool has_latency_kernel(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  switch (node.op) {
    case Op::matmul:
    case Op::outer:
    case Op::transpose:
    case Op::convolution:
    case Op::convolution_input_gradient:
    case Op::max_pool:
    case Op::average_pool:
    case Op::average_pool_gradient:
    case Op::softmax:
    case Op::log_softmax:
    case Op::sum:
    case Op::max:
    case Op::argmax:
      return has_kernel(graph, node);
    default:
      return false;
  }
}

}  // namespace tg::cpu
