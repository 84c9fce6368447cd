// What a device does with a fused graph: its steps in their order, and where every value lies.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/fuse.hpp"
#include "typegrad/passes/slots.hpp"

namespace tg::cuda {

using passes::Fusion;
using passes::Group;
using passes::max_nodes;
using passes::PerNode;
using passes::Source;
using passes::Sources;

// Which memory a value lies in. A per-sample value is [element][sample]: of `lanes`, which counts
// elements, there is as much as a call has samples, once for numbers as they are computed with and
// once for halves.
enum class Base : std::uint8_t {
  nowhere,
  lanes,
  shared,  // values that the samples share
  constants,
  slot,  // memory of others: leaves, gradients of parameters, outputs
};

// Element offset + part of it; of rows that a loop visits + time * time_stride, or every other
// time.
struct Place {
  Base base = Base::nowhere;
  std::int16_t slot = -1;
  std::int32_t offset = 0;
  std::int32_t part = 0;  // where a part of the value begins
  std::int32_t time_stride = 0;
  std::int32_t elements = 0;  // from there on
  bool alternates = false;
  bool half = false;  // offsets count halves
};

// Leaves that are computed like any operation.
constexpr bool is_random(Op op) { return op == Op::uniform || op == Op::normal; }

enum class StepKind : std::uint8_t {
  load,    // a caller's samples, one after the other, to lanes
  begin,   // the first value of a loop's carry
  takes,   // whether the next step of a loop that may end early is taken
  idle,    // a row that a step leaves that is not taken
  group,   // the kernel of a fusion group
  output,  // lanes to samples, for the caller
  copy,    // to a slot, of a value that was not made there
};

// The slot that a sink names.
template <int Room>
constexpr std::int16_t target_of(const ir::GraphOf<Room>& graph, int sink, int leaves) {
  const ir::Node& node = graph[sink];
  if (node.op == Op::output) return std::int16_t(passes::output_slot(leaves, node.attributes[0]));
  const int leaf = graph[node.operand[0]].attributes[0];
  return std::int16_t(node.op == Op::train ? passes::gradient_slot(leaf) : passes::leaf_slot(leaf));
}

struct StepPlan {
  StepKind kind{};
  std::int16_t node = -1;  // the leaf, the carry, the mask, the row's value, the anchor, the sink
  std::int16_t group = -1;
  std::int16_t copied = -1;  // the carry that an idle row is; -1: zeros
  std::int16_t region = 0;
  std::int16_t wave = 0;  // steps of a wave read nothing that others of it write
};

// With room for so many nodes.
template <int Room>
struct PlanOf {
  FixedVector<StepPlan, 2 * Room> steps;  // sorted by wave
  FixedVector<Place, Room> place;         // of each node that is stored, or a leaf
  FixedVector<double, Room> constants;
  int lanes_size = 0, halves_size = 0, shared_size = 0;  // elements
  int outputs = 0, waves = 0;
  int samples_offset = -1;  // in shared: the number of samples of the call
  int taken_offset = -1;    // in shared: of each loop that may end early, whether its step is taken

  template <int Other>
  constexpr operator PlanOf<Other>() const {
    return {steps,       place,   constants, lanes_size,     halves_size,
            shared_size, outputs, waves,     samples_offset, taken_offset};
  }
};
using Plan = PlanOf<max_nodes>;

// One past the last step of the wave, or of the steps in the same loop, that begins with `first`.
template <int Room>
constexpr int end_of_wave(const PlanOf<Room>& plan, int first) {
  int end = first + 1;
  while (end < plan.steps.size() && plan.steps[end].wave == plan.steps[first].wave) ++end;
  return end;
}
template <int Room>
constexpr int end_of_loop(const PlanOf<Room>& plan, int first) {
  int end = first + 1;
  while (end < plan.steps.size() && plan.steps[end].region == plan.steps[first].region) ++end;
  return end;
}

// Steps of a wave are one launch, or more if there are many. A user's kernel has a launch of its
// own, with as many threads as it says.
inline constexpr int most_steps_of_launch = 16;
constexpr bool is_launched_alone(const ir::Graph& graph, const StepPlan& step) {
  return step.kind == StepKind::group && step.node >= 0 && graph[step.node].op == Op::custom;
}
constexpr int end_of_launch(const ir::Graph& graph, const Plan& plan, int first) {
  const int most = first + most_steps_of_launch, last = end_of_wave(plan, first);
  if (is_launched_alone(graph, plan.steps[first])) return first + 1;
  int end = first + 1;
  while (end < last && end < most && !is_launched_alone(graph, plan.steps[end])) ++end;
  return end;
}
// Of each step that begins a launch, one past its last; else 0.
using Ends = FixedVector<std::int16_t, 2 * max_nodes>;
constexpr Ends ends_of_launches(const ir::Graph& graph, const Plan& plan) {
  Ends ends;
  ends.resize(plan.steps.size());
  for (int first = 0; first < ends.size(); first = ends[first])
    ends[first] = std::int16_t(end_of_launch(graph, plan, first));
  return ends;
}

}  // namespace tg::cuda
