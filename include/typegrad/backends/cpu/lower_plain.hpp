// Element-wise steps without kernels of their own shapes: filled in by a loop, not instantiated.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>

#include "typegrad/backends/cpu/lower.hpp"

namespace tg::cpu {
namespace lowering {

template <class P>
constexpr bool computes(Op op) {
  for (const ir::Node& node : P::graph.nodes)
    if (node.op == op) return true;
  return false;
}

// The kernel of each element-wise op that the program has: of what samples share, of a tile.
template <class T>
struct PlainKernels {
  typename Step<T>::Kernel shared = nullptr, tile = nullptr;
};
template <class P, Op op>
consteval PlainKernels<typename P::Element> plain_kernels() {
  using T = typename P::Element;
  if constexpr (!is_elementwise(op) || !computes<P>(op))
    return {};
  else if constexpr (P::layout == Layout::flat)
    return {run_plain_shared<T, op>, run_plain_sample<T, op>};
  else
    return {run_plain_shared<T, op>, run_plain<T, P::vectors, op>};
}
template <class P>
inline constexpr auto plain_table = []<int... Index>(std::integer_sequence<int, Index...>) {
  return std::array{plain_kernels<P, Op(Index)>()...};
}
(std::make_integer_sequence<int, op_count>{});

template <class P>
constexpr bool is_plain(const StepPlan& plan) {
  return !P::specialises && plan.kind == StepKind::group && plan.node < 0;
}

// A node by itself, its operands read through their views.
template <class P>
constexpr void lower_plain(Step<typename P::Element>& step, const StepPlan& plan) {
  const int id = P::fusion.first[plan.group];
  const ir::Node& node = P::graph[id];
  const auto& kernels = plain_table<P>[std::size_t(node.op)];
  const bool shared = plan.phase == Phase::shared;
  step = {.run = shared ? kernels.shared : kernels.tile,
          .phase = plan.phase,
          .level = plan.level,
          .node = std::int16_t(id),
          .scope = node.scope,
          .region = plan.region,
          .repeats = ir::repeats_of(P::graph, plan.region),
          .extent = node.shape.size(),
          .grain = shared ? 1024 : 1};
  for (int i = 0; i < node.operands(); ++i) {
    const Source& source = P::sources.operand(node, i);
    const ir::Node& from = P::graph[source.node];
    const bool number = from.op == Op::constant;
    step.at[std::size_t(i)] = part_of<P>(source.node, source.map.offset, source.map.step);
    step.map[std::size_t(i)] = number ? passes::IndexMap{1, 1, 0} : source.map;
    step.in_lanes[std::size_t(i)] = from.space == ir::Space::per_sample && !number;
  }
  step.at[std::size_t(node.operands())] = P::plan.location[id];
}

// The steps that have templates of their own.
template <class P>
consteval auto special_steps() {
  constexpr int count = [] {
    int sum = 0;
    for (const StepPlan& plan : P::plan.steps) sum += !is_plain<P>(plan);
    return sum;
  }();
  std::array<int, std::size_t(count)> result{};
  for (int i = 0, next = 0; i < P::plan.steps.size(); ++i)
    if (!is_plain<P>(P::plan.steps[i])) result[std::size_t(next++)] = i;
  return result;
}

template <class P>
inline constexpr auto special = special_steps<P>();

}  // namespace lowering

// All steps of P's plan. (A list in braces, for clang folds no more than 256.)
template <class P>
constexpr auto lower_steps() {
  constexpr const auto& which = lowering::special<P>;
  const auto steps_of = []<std::size_t... Index>(std::index_sequence<Index...>) {
    return std::array<Step<typename P::Element>, sizeof...(Index)>{
        lower<P, lowering::special<P>[Index]>()...};
  }
  (std::make_index_sequence<which.size()>{});
  if constexpr (P::specialises) {
    return steps_of;
  } else {
    std::array<Step<typename P::Element>, std::size_t(P::plan.steps.size())> steps{};
    for (int i = 0; i < P::plan.steps.size(); ++i)
      if (lowering::is_plain<P>(P::plan.steps[i]))
        lowering::lower_plain<P>(steps[std::size_t(i)], P::plan.steps[i]);
    for (std::size_t i = 0; i < which.size(); ++i) steps[std::size_t(which[i])] = steps_of[i];
    return steps;
  }
}

}  // namespace tg::cpu
