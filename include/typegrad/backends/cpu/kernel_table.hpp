// Which nodes have a kernel on the CPU, and the graph as kernels can read it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/passes/fuse.hpp"

namespace tg::cpu {

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

// Rows that integers per sample choose from what samples share: run_gather.
constexpr bool gathers(const ir::Graph& graph, const ir::Node& node) {
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
constexpr bool is_matrix_times_vector(const ir::Graph& graph, const ir::Node& node) {
  const auto in_lanes = [&](int which) {
    return graph[node.operand[which]].space == ir::Space::per_sample;
  };
  return node.op == Op::matmul && !node.across && node.shape.rank() == 1 && !in_lanes(0) &&
         in_lanes(1);
}

// Per-sample nodes whose kernel hands its results to an epilogue. Everything else is element-wise,
// a sum across samples, or left to the fallback.
constexpr bool has_kernel(const ir::Graph& graph, const ir::Node& node) {
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

// The same for one sample at a time.
constexpr bool has_latency_kernel(const ir::Graph& graph, const ir::Node& node) {
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

// What lies in the rows of a loop, in memory of their own: not made by a kernel for its readers.
constexpr bool lies_in_rows(const ir::Node& node) { return kind_of(node.op) == Kind::loop; }

// Which rows of memory the values of loops have: see LoopPlaces.
struct RowOwners {
  passes::PerNode<bool> carried{}, collected{};
  passes::PerNode<std::int16_t> order{};  // of a carry's rows, or of a value's: 1, or 2 if reversed
  passes::PerNode<std::int16_t> carry_of{};  // of a value: the carry that it is next of, + 1

  // Whether the operand of a `next` or a `collect` needs rows that it can have. If so, they are
  // taken.
  constexpr bool take(const ir::Graph& graph, const ir::Node& node) {
    const bool collects = node.op == Op::collect;
    const int value = node.operand[collects ? 0 : 1];
    const ir::Node& from = graph[value];
    const bool carry = collects && from.op == Op::carry;
    if (!carry && (is_leaf(from.op) || lies_in_rows(from) || from.region == 0 ||
                   passes::is_view(graph, from)))
      return false;
    if (!collects) {
      if (carried[value]) return false;
      carried[value] = true;
      carry_of[value] = std::int16_t(node.operand[0] + 1);
      return true;
    }
    if (collected[value]) return false;
    const int rows = carry ? value : carry_of[value] > 0 ? carry_of[value] - 1 : value;
    const std::int16_t wanted = ir::RowRange::of(node.attributes).reversed ? 2 : 1;
    if (order[rows] != 0 && order[rows] != wanted) return false;
    order[rows] = wanted;
    return collected[value] = true;
  }
};

// Kernels other than element-wise ones read memory element by element: what they read through a
// broadcast, what is a constant, and what an update would overwrite before it is read, is made
// first, by a copy. So is what a loop carries or collects and is not made in its body.
constexpr ir::Graph materialise(const ir::Graph& graph) {
  RowOwners owners;
  return passes::rewrite(graph, [&](ir::Builder& builder, ir::Node node, int) -> int {
    const auto copied = [&](int id, ir::Space space) {
      const ir::Node& from = builder.graph[id];
      ir::Node copy{.op = Op::cast,
                    .dtype = from.dtype,
                    .space = space,
                    .scope = node.scope,
                    .shape = from.shape};
      copy.operand = {std::int16_t(id), -1, -1};
      return std::int16_t(builder.append(copy));
    };
    if (node.op == Op::next || node.op == Op::collect) {
      std::int16_t& value = node.operand[node.op == Op::next ? 1 : 0];
      while (!owners.take(builder.graph, node)) {
        if (node.op == Op::next && builder.graph[value].region == 0) {
          const Var carry{&builder, node.operand[0]}, same{&builder, value};
          value = std::int16_t(select(carry, same, same).id());
        } else {
          value = copied(value, builder.graph[value].space);
        }
      }
      return builder.append(node);
    }
    const bool reads_memory = !is_elementwise(node.op) && !is_leaf(node.op) &&
                              node.op != Op::last && !passes::is_view(builder.graph, node);
    for (int i = 0; reads_memory && i < node.operands(); ++i) {
      if (is_sink(node.op) && node.op != Op::output && i == 0) continue;  // the variable
      const ir::Node operand = builder.graph[node.operand[i]];
      const passes::Source source = passes::resolve(builder.graph, node.operand[i]);
      const ir::Node& from = builder.graph[source.node];
      const bool overwritten = node.op == Op::update && is_leaf(from.op);
      const bool shared_output = is_sink(node.op) && operand.space == ir::Space::shared;
      const bool by_samples = passes::is_rows(node) && i == 1;
      const int size = operand.shape.size();
      if ((by_samples ? source.full(size) : source.in_order(size)) && from.op != Op::constant &&
          !overwritten && !(shared_output && is_leaf(from.op)) &&
          !(passes::is_rows(node) && lies_in_rows(from)))
        continue;
      node.operand[i] = copied(node.operand[i], operand.space);
    }
    return builder.append(node);
  });
}

}  // namespace tg::cpu
