// Which nodes have kernels that hand on what they compute, and the extents of these.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/products.hpp"

namespace tg::passes {

// A reduction's axes, when they lie together: (outer, reduced, inner).
struct Extents3 {
  int outer = 1, reduced = 1, inner = 1;
  bool together = true;
};

constexpr Extents3 reduction_extents(const Shape& shape, int mask) {
  Extents3 e;
  bool inside = false, past = false;
  for (int axis = 0; axis < shape.rank(); ++axis) {
    if ((mask >> axis & 1) != 0) {
      if (past && shape[axis] != 1) e.together = false;
      inside = true;
      e.reduced *= shape[axis];
    } else if (inside) {
      past = past || shape[axis] != 1;
      e.inner *= shape[axis];
    } else {
      e.outer *= shape[axis];
    }
  }
  return e;
}
constexpr Extents3 axis_extents(const Shape& shape, int axis) {
  return reduction_extents(shape, 1 << axis);
}

// The axes of a transposition's result, and how far apart their elements lie in what it reads;
// neighbours that stay together are one.
struct MovedAxis {
  int extent = 1, step = 1;
};
constexpr FixedVector<MovedAxis, Shape::max_rank> merge_axes(const Shape& result,
                                                             const Shape& operand,
                                                             const ir::Attributes& order) {
  FixedVector<MovedAxis, Shape::max_rank> axes;
  for (int axis = 0; axis < result.rank(); ++axis) {
    const MovedAxis next{result[axis], operand.product(order[axis] + 1, operand.rank())};
    if (axis > 0 && axes.back().step == next.step * next.extent)
      axes.back() = {axes.back().extent * next.extent, next.step};
    else
      axes.push_back(next);
  }
  return axes;
}

// A shared matrix times a vector per sample: it has kernels of its own.
template <int Room>
constexpr bool is_matrix_times_vector(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  const auto in_lanes = [&](int which) {
    return graph[node.operand[which]].space == ir::Space::per_sample;
  };
  return node.op == Op::matmul && !node.across && node.shape.rank() == 1 && !in_lanes(0) &&
         in_lanes(1);
}

// Per-sample nodes whose kernel hands its results to an epilogue. Everything else is element-wise,
// a sum across samples, or left to the fallback.
template <int Room>
constexpr bool has_kernel(const ir::GraphOf<Room>& graph, const ir::Node& node) {
  if (node.space != ir::Space::per_sample || node.across) return false;
  const auto in_lanes = [&](int which) {
    return graph[node.operand[which]].space == ir::Space::per_sample;
  };
  switch (node.op) {
    case Op::matmul:
    case Op::outer:
    case Op::transpose:
      return true;
    case Op::convolution:
    case Op::convolution_input_gradient:
      return in_lanes(0) && !in_lanes(1);
    case Op::max_pool_gradient:
      return in_lanes(0) && in_lanes(1);
    case Op::pick:
      return in_lanes(0) && in_lanes(1) && node.shape.rank() == 0;
    case Op::one_hot:
      return node.shape.rank() == 1;
    case Op::max_pool:
    case Op::average_pool:
    case Op::average_pool_gradient:
    case Op::softmax:
    case Op::log_softmax:
      return true;
    case Op::sum:
    case Op::max:
    case Op::argmax:
      return reduction_extents(graph[node.operand[0]].shape, node.attributes[0]).together;
    default:
      return false;
  }
}

}  // namespace tg::passes
