// What a network costs, asked while it compiles: floating-point operations.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/networks/contracts.hpp"

namespace tg {

namespace runtime {

// Operations of one node for one sample: two for each multiply-add of a product or a convolution,
// those at its borders included; nothing for all others (PyTorch's FlopCounterMode counts so too).
constexpr std::int64_t flops_of(const ir::Graph& graph, int id) {
  const ir::Node& node = graph[id];
  const auto size = [&](int which) { return std::int64_t(graph.operand(id, which).shape.size()); };
  // One multiply-add of each output with each weight of its own.
  const auto windows = [&](std::int64_t outputs, const Shape& weight) {
    return 2 * outputs * weight.product(1, weight.rank());
  };
  switch (node.op) {
    case Op::matmul: {
      const auto e = ir::ProductExtents::of(graph.operand(id, 0).shape, graph.operand(id, 1).shape,
                                            node.attributes);
      return std::int64_t(2) * node.shape.size() * e.depth;
    }
    case Op::outer:
      return std::int64_t(2) * node.shape.size();
    case Op::convolution:
      return windows(node.shape.size(), graph.operand(id, 1).shape);
    case Op::convolution_input_gradient:
      return windows(size(0), graph.operand(id, 1).shape);
    case Op::convolution_weight_gradient:
      return windows(size(1), node.shape);
    default:
      return 0;
  }
}

// Of nodes [first, last) for one sample, those of a loop for all its steps; what samples share is
// not counted.
constexpr std::int64_t flops_of(const ir::Graph& graph, int first, int last) {
  std::int64_t sum = 0;
  for (int id = first; id < last; ++id)
    if (graph[id].space == ir::Space::per_sample || graph[id].across)
      sum += flops_of(graph, id) * ir::repeats_of(graph, graph[id].region);
  return sum;
}

template <class Net>
constexpr auto count_flops() {
  if constexpr (!networks::right<Net>)
    return networks::Unanswered{};
  else
    return flops_of(Recorded<Net>::recording.graph(), 0, Recorded<Net>::recording.graph().size());
}

}  // namespace runtime

// Floating-point operations of the network's forward pass, for one sample: two for each
// multiply-add.
template <class Net>
inline constexpr auto flops = runtime::count_flops<Net>();

}  // namespace tg
