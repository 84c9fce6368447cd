// From a plan's steps to phases and tasks, also in loops that may end early.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/loop_phases.hpp"
#include "typegrad/backends/cuda/lower.hpp"

namespace tg::cuda {

namespace lowering {

// The number of a region among P's loops that may end early, or -1.
template <class P>
constexpr int end_of(int region) {
  for (int i = 0; i < P::loop_ends.size(); ++i)
    if (P::loop_ends[i].region == region) return i;
  return -1;
}

// Where it says whether the loop's step is taken.
template <class P>
constexpr Place place_of_taken(int region) {
  Place at{Base::shared, -1, P::plan.taken_offset + end_of<P>(region)};
  at.elements = 1;
  return at;
}

// The row that a step leaves that is not taken.
template <class P, int Value, int Carry>
consteval auto idle_row() {
  using To = StoredAs<P, Value>;
  constexpr int elements = P::graph[Value].shape.size();
  constexpr bool shared = P::graph[Value].space == ir::Space::shared;
  if constexpr (Carry < 0)
    return std::type_identity<phase::Zeros<To, elements, shared>>{};
  else
    return std::type_identity<phase::CopyValue<
        StoredAs<P, Carry>, To, elements, P::graph[Carry].space == ir::Space::shared, shared>>{};
}

template <class P, int Mask>
consteval auto takes_step() {
  constexpr int from = P::sources[Mask].node;
  return std::type_identity<phase::TakesStep<StoredAs<P, from>, typename P::Element,
                                             P::graph[from].space == ir::Space::shared>>{};
}

}  // namespace lowering

// What step `Index` of P's plan runs, as a type.
template <class P, int Index>
consteval auto phase_of() {
  constexpr StepPlan plan = P::plan.steps[Index];
  using T = typename P::Element;
  if constexpr (plan.kind == StepKind::takes) {
    return lowering::takes_step<P, plan.node>();
  } else if constexpr (plan.kind == StepKind::idle) {
    using Row = typename decltype(lowering::idle_row<P, plan.node, plan.copied>())::type;
    return std::type_identity<phase::Where<T, false, Row>>{};
  } else {
    using Work = typename decltype(lowering::work_of<P, Index>())::type;
    constexpr bool may_end = lowering::end_of<P>(plan.region) >= 0;
    return std::type_identity<std::conditional_t<may_end, phase::Where<T, true, Work>, Work>>{};
  }
}

// On which memory.
template <class P, int Index>
consteval Task task_of() {
  constexpr StepPlan plan = P::plan.steps[Index];
  constexpr bool may_end = lowering::end_of<P>(plan.region) >= 0;
  Task task;
  if constexpr (plan.kind == StepKind::takes) {
    const Source& mask = P::sources[plan.node];
    task.at[0] = lowering::part_of<P>(mask.node, mask.map.offset, mask.map.step);
  } else if constexpr (plan.kind == StepKind::idle) {
    if (plan.copied >= 0) task.at[0] = P::plan.place[plan.copied];
    task.at[plan.copied >= 0] = P::plan.place[plan.node];
  } else {
    task = lowering::places_of_work<P, Index>();
  }
  if constexpr (may_end) {
    using Phase = typename decltype(phase_of<P, Index>())::type;
    task.at[std::size_t(Phase::places - 1)] = lowering::place_of_taken<P>(plan.region);
  }
  task.node = plan.node, task.region = plan.region;
  task.repeats = ir::repeats_of(P::graph, plan.region);
  return task;
}

}  // namespace tg::cuda
