// From a plan to a table: each step with the kernel of its signature and the places it works on.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/backends/cpu/anchors.hpp"
#include "typegrad/backends/cpu/custom.hpp"
#include "typegrad/backends/cpu/fallback.hpp"
#include "typegrad/backends/cpu/kernel_table.hpp"
#include "typegrad/backends/cpu/latency_anchors.hpp"
#include "typegrad/backends/cpu/moves.hpp"
#include "typegrad/backends/cpu/rows.hpp"
#include "typegrad/passes/signature.hpp"

namespace tg::cpu {

// A `P` has static constexpr members graph, sources, fusion and plan, the element type P::Element,
// P::layout, P::vectors per element and P::lanes. Everything here is consteval: no symbol spells P.
namespace lowering {

using namespace passes::signature;
using passes::axis_extents;
using passes::Extents3;
using passes::FusedPlan;
using passes::reduction_extents;

// How a value lies in memory, and what operand `Which` of node Id is.
template <class P, int Id>
using StoredAs = std::conditional_t<P::is_half(Id), typename P::Half, typename P::Element>;
template <class P, int Id, int Which>
using StoredOperandOf = StoredAs<P, P::sources.operand(P::graph[Id], Which).node>;

// What a `rows` step reads sample by sample: leaves lie in the caller's memory.
template <class P, int Id, int Row = P::sources.operand(P::graph[Id], 1).node>
using RowsOf = std::conditional_t<is_leaf(P::graph[Row].op), typename P::Element, StoredAs<P, Row>>;

// Which operands of a node are halves, as bits.
template <class P>
consteval unsigned halves_among(int id) {
  unsigned bits = 0;
  for (int i = 0; i < P::graph[id].operands(); ++i)
    if (P::is_half(P::sources.operand(P::graph[id], i).node)) bits |= 1u << i;
  return bits;
}

template <class P, int Id>
consteval auto permute_type() {
  return []<int... Which>(std::integer_sequence<int, Which...>) {
    constexpr const auto& axes = MovedAxes<P, Id>::value;
    if constexpr (P::layout == Layout::flat)
      return std::type_identity<latency::Permute<Axis<axes[Which].extent, axes[Which].step>...>>{};
    else
      return std::type_identity<
          anchor::Permute<axes.back().extent, Axis<axes[Which].extent, axes[Which].step>...>>{};
  }
  (std::make_integer_sequence<int, MovedAxes<P, Id>::value.size()>{});
}

// The kernel of a node for which has_kernel() holds; its specification in tg::cpu::anchor or
// tg::cpu::latency.
template <class P, int Id>
consteval auto anchor_of() {
  constexpr bool flat = P::layout == Layout::flat;
  constexpr ir::Node node = P::graph[Id];
  constexpr Op op = node.op;
  const auto pick = [](auto lanes, auto alone) {
    if constexpr (flat)
      return alone;
    else
      return lanes;
  };
  if constexpr (op == Op::outer || (op == Op::matmul && !is_matrix_times_vector(P::graph, node))) {
    constexpr bool left = P::graph.operand(Id, 0).space == ir::Space::per_sample;
    constexpr bool right = P::graph.operand(Id, 1).space == ir::Space::per_sample;
    constexpr PerSample which = !left   ? PerSample::right
                                : right ? PerSample::both
                                        : PerSample::left;
    using G = typename decltype(product_type<P, Id>())::type;
    return pick(std::type_identity<anchor::Multiply<G, which>>{},
                std::type_identity<latency::Multiply<G>>{});
  } else if constexpr (op == Op::transpose) {
    return permute_type<P, Id>();
  } else if constexpr (op == Op::matmul) {
    constexpr int inputs = operand_shape<P, Id>(1)[0];
    constexpr WeightOrder order =
        node.attributes[0] != 0 ? WeightOrder::transposed : WeightOrder::rows;
    return pick(std::type_identity<anchor::Product<node.shape[0], inputs, order>>{},
                std::type_identity<latency::Product<node.shape[0], inputs, order>>{});
  } else if constexpr (op == Op::convolution) {
    using G = typename decltype(convolution_type<P, Id>())::type;
    return pick(std::type_identity<anchor::Convolve<G>>{},
                std::type_identity<latency::Convolve<G>>{});
  } else if constexpr (op == Op::convolution_input_gradient) {
    using G = typename decltype(convolution_type<P, Id>())::type;
    return pick(std::type_identity<anchor::ConvolveBack<G>>{},
                std::type_identity<latency::ConvolveBack<G>>{});
  } else if constexpr (kind_of(op) == Kind::window) {
    using G = typename decltype(pool_type<P, Id>())::type;
    return pick(std::type_identity<anchor::Pool<G, op>>{},
                std::type_identity<latency::Pool<G, op>>{});
  } else if constexpr (kind_of(op) == Kind::reduction) {
    constexpr Extents3 e = reduction_extents(operand_shape<P, Id>(0), node.attributes[0]);
    return pick(std::type_identity<anchor::Reduce<op, e.outer, e.reduced, e.inner>>{},
                std::type_identity<latency::Reduce<op, e.outer, e.reduced, e.inner>>{});
  } else if constexpr (kind_of(op) == Kind::row) {
    constexpr Extents3 e = axis_extents(node.shape, node.attributes[0]);
    return pick(std::type_identity<anchor::Softmax<op, e.outer, e.reduced, e.inner>>{},
                std::type_identity<latency::Softmax<op, e.outer, e.reduced, e.inner>>{});
  } else if constexpr (op == Op::pick) {
    return std::type_identity<anchor::Pick<operand_shape<P, Id>(0)[0]>>{};
  } else {
    static_assert(
        op == Op::one_hot,
        "backends/cpu/lower.hpp lacks the anchor of an op that passes/anchors.hpp promises");
    return std::type_identity<anchor::OneHot<node.shape[0]>>{};
  }
}

// Of the elements of a stored value from `offset` on, in a loop `step` more with each of its steps.
template <class P>
constexpr Location part_of(int id, int offset, int step) {
  const int lanes = P::graph[id].space == ir::Space::per_sample ? P::lanes : 1;
  Location at = P::plan.location[id];
  at.part += offset * lanes;
  if (step != 0) at.time_stride = step * lanes;
  return at;
}
template <class P>
constexpr Location location_of(int id, int operand) {
  const Source& source = P::sources.operand(P::graph[id], operand);
  return part_of<P>(source.node, source.map.offset, source.map.step);
}

// Locations of a fused program's loads and stores, from `at` on.
template <class P, int Group>
constexpr void place_program(Step<typename P::Element>& step, int at) {
  const FusedPlan& plan = GroupPlan<P, Group>::value;
  for (const auto& load : plan.loads) step.at[at++] = part_of<P>(load.node, load.offset, load.step);
  for (const auto& store : plan.stores) step.at[at++] = P::plan.location[store.node];
}

template <class P, int Id>
constexpr void place_operands(Step<typename P::Element>& step) {
  for (int i = 0; i < P::graph[Id].operands(); ++i) step.at[i] = location_of<P>(Id, i);
}

// Whether memory is what a group costs: no polynomial in it, whose work would hide stores.
template <class P, int Group>
consteval bool is_bound_by_memory() {
  for (int id = P::fusion.first[Group]; id >= 0; id = P::fusion.next[id])
    if (passes::work_of(P::graph[id].op) > 1) return false;
  return true;
}

// The values that samples share: whole arrays.
template <class P, int Group, int Id>
consteval void lower_shared(Step<typename P::Element>& step) {
  using T = typename P::Element;
  if constexpr (Id < 0) {
    using Program = typename decltype(program_of<P, Group>())::type;
    constexpr int size = P::fusion.groups[Group].size;
    if constexpr (size * std::int64_t(sizeof(T)) >= streamed_bytes &&
                  is_bound_by_memory<P, Group>())
      step.run = run_shared_streaming<T, Program, typename P::Half>;
    else
      step.run = run_shared<T, Program, typename P::Half>;
    step.extent = size;
    step.grain = 1024;
    place_program<P, Group>(step, 0);
  } else if constexpr (P::takes_epilogue(P::graph, P::graph[Id])) {
    using Anchor = latency::Multiply<typename decltype(product_type<P, Id>())::type>;
    step.run = run_latency<T, Anchor, typename decltype(program_of<P, Group>())::type>;
    place_operands<P, Id>(step);
    place_program<P, Group>(step, Anchor::operands);
  } else {
    if constexpr (moves_parts(P::graph[Id].op))
      step.run = run_move<T, 1>;
    else if constexpr (has_own_kernel(P::graph[Id]))
      step.run = run_custom<T, 1>;
    else
      step.run = run_flat_fallback<T, P::graph[Id].op>;
    place_operands<P, Id>(step);
    step.at[P::graph[Id].operands()] = P::plan.location[Id];
  }
}

// Sums across samples: this tile's part of them.
template <class P, int Id>
consteval void lower_across(Step<typename P::Element>& step) {
  using T = typename P::Element;
  constexpr ir::Node node = P::graph[Id];
  place_operands<P, Id>(step);
  step.at[node.operands()] = {Base::partials, -1, P::plan.partial[Id]};
  if constexpr (node.op == Op::convolution_weight_gradient) {
    step.run =
        run_weight_gradient<T, P::vectors, typename decltype(convolution_type<P, Id>())::type,
                            StoredOperandOf<P, Id, 0>, StoredOperandOf<P, Id, 1>>;
  } else if constexpr (node.op == Op::matmul) {
    step.run = run_product_sum<T, P::vectors, typename decltype(product_type<P, Id>())::type,
                               StoredOperandOf<P, Id, 0>, StoredOperandOf<P, Id, 1>>;
  } else if constexpr (node.op == Op::sum) {
    constexpr Extents3 e = reduction_extents(operand_shape<P, Id>(0), node.attributes[0]);
    step.run = run_batch_sum<T, P::vectors, e.outer, e.reduced, StoredOperandOf<P, Id, 0>>;
  } else {
    static_assert(node.op == Op::identity,
                  "backends/cpu/lower.hpp has no kernel that sums this op across samples");
    step.run = run_batch_sum<T, P::vectors, node.shape.size(), 1, StoredOperandOf<P, Id, 0>>;
  }
}

template <class P, int Group, int Id>
consteval void lower_tile(Step<typename P::Element>& step) {
  using T = typename P::Element;
  constexpr int V = P::vectors;
  constexpr bool flat = P::layout == Layout::flat;
  if constexpr (Id < 0 && flat) {
    step.run = run_latency<T, latency::Nothing<P::fusion.groups[Group].size>,
                           typename decltype(program_of<P, Group>())::type>;
    place_program<P, Group>(step, 0);
  } else if constexpr (Id < 0) {
    constexpr int size = P::fusion.groups[Group].size;
    step.run = run_group<T, V, anchor::Nothing<size>,
                         typename decltype(program_of<P, Group>())::type, typename P::Half>;
    place_program<P, Group>(step, 0);
  } else if constexpr (P::graph[Id].across) {
    lower_across<P, Id>(step);
  } else if constexpr (P::graph[Id].op == Op::uniform || P::graph[Id].op == Op::normal) {
    step.run = run_random<T, P::lanes>;
    step.key = P::key_of(P::graph[Id].attributes[0]);
    step.at[0] = P::plan.location[Id];
  } else if constexpr (P::takes_epilogue(P::graph, P::graph[Id])) {
    using Anchor = typename decltype(anchor_of<P, Id>())::type;
    using Program = typename decltype(program_of<P, Group>())::type;
    if constexpr (flat)
      step.run = run_latency<T, Anchor, Program>;
    else
      step.run = run_group<T, V, Anchor, Program, typename P::Half, halves_among<P>(Id)>;
    place_operands<P, Id>(step);
    place_program<P, Group>(step, Anchor::operands);
  } else {
    if constexpr (moves_parts(P::graph[Id].op))
      step.run = run_move<T, P::lanes, StoredAs<P, Id>>;
    else if constexpr (gathers(P::graph, P::graph[Id]))
      step.run = run_gather<T, P::lanes, StoredOperandOf<P, Id, 1>, StoredAs<P, Id>>;
    else if constexpr (has_own_kernel(P::graph[Id]))
      step.run = run_custom<T, P::lanes>;
    else
      step.run = run_lanes_fallback<T, P::lanes, P::graph[Id].op>;
    place_operands<P, Id>(step);
    step.at[P::graph[Id].operands()] = P::plan.location[Id];
  }
}

}  // namespace lowering

// Step `Index` of P's plan.
template <class P, int Index>
consteval Step<typename P::Element> lower() {
  using T = typename P::Element;
  constexpr int V = P::vectors;
  constexpr StepPlan plan = P::plan.steps[Index];
  constexpr int id = plan.node < 0 ? 0 : plan.node;
  constexpr ir::Node node = P::graph[id];
  constexpr int elements = node.shape.size();
  Step<T> step{.phase = plan.phase, .level = plan.level, .node = plan.node};
  step.region = plan.region, step.repeats = ir::repeats_of(P::graph, plan.region);
  step.scope = plan.node >= 0 ? node.scope : P::graph[P::fusion.first[plan.group]].scope;
  if constexpr (plan.kind == StepKind::group && plan.phase == Phase::shared) {
    lowering::lower_shared<P, plan.group, plan.node>(step);
  } else if constexpr (plan.kind == StepKind::group) {
    lowering::lower_tile<P, plan.group, plan.node>(step);
  } else if constexpr (plan.kind == StepKind::begin) {
    constexpr int from =
        P::graph[P::sources.operand(node, 0).node].space == ir::Space::per_sample ? P::lanes : 1;
    constexpr int to = node.space == ir::Space::per_sample ? P::lanes : 1;
    step.run = run_begin<T, from, to>;
    step.at[0] = lowering::location_of<P>(id, 0), step.at[1] = P::plan.location[id];
  } else if constexpr (plan.kind == StepKind::load) {
    step.at[0] = P::plan.by_samples[id], step.at[1] = P::plan.location[id];
    if constexpr (!is_floating(node.dtype))
      step.run = run_load_integers<T, P::lanes>;
    else
      step.run = run_load<T, V, elements, lowering::StoredAs<P, id>>, step.moves = Moves::in;
  } else if constexpr (plan.kind == StepKind::rows) {
    constexpr int rows = node.shape[0], columns = node.shape[1];
    if constexpr (node.op == Op::scatter)
      step.run = run_scatter_sum<T, P::lanes, lowering::RowsOf<P, id>>;
    else
      step.run = run_outer_sum<T, V, rows, columns, lowering::StoredOperandOf<P, id, 0>,
                               lowering::RowsOf<P, id>, lowering::StoredOperandOf<P, id, 1>>;
    step.at[0] = lowering::location_of<P>(id, 0);
    step.at[1] = P::plan.by_samples[P::sources.operand(node, 1).node];
    step.at[2] = P::plan.location[id];
    step.extent = rows;
    step.grain = node.op == Op::scatter ? scatter_row_block : outer_sum_row_block<T, rows, columns>;
  } else if constexpr (plan.kind == StepKind::store) {
    step.run = run_store<T, V, elements, lowering::StoredAs<P, id>>;
    step.at[0] = P::plan.location[id], step.at[1] = P::plan.by_samples[id];
  } else if constexpr (plan.kind == StepKind::output) {
    if constexpr (P::layout == Layout::flat)
      step.run = run_copy<T>, step.extent = elements;
    else
      step.run = run_store<T, V, elements, lowering::StoredOperandOf<P, id, 0>, T>,
      step.moves = Moves::out;
    step.at[0] = lowering::location_of<P>(id, 0);
    step.at[1] = {Base::slot, std::int16_t(output_slot(P::leaves, node.attributes[0])), 0,
                  P::lanes * elements};
  } else if constexpr (plan.kind == StepKind::add_partials) {
    step.run = run_add_partials<T>;
    step.at[0] = {Base::partials, -1, P::plan.partial[id]}, step.at[1] = P::plan.location[id];
    step.extent = elements;
    step.grain = elements;
  } else {
    constexpr int slot = node.op == Op::output ? output_slot(P::leaves, node.attributes[0])
                         : node.op == Op::train
                             ? gradient_slot(P::graph[node.operand[0]].attributes[0])
                             : leaf_slot(P::graph[node.operand[0]].attributes[0]);
    if constexpr (node.op == Op::update)  // of a variable as it is stored
      step.run =
          run_copy<T, lowering::StoredOperandOf<P, id, 1>, lowering::StoredOperandOf<P, id, 0>>;
    else
      step.run = run_copy<T, lowering::StoredOperandOf<P, id, node.op == Op::output ? 0 : 1>>;
    step.at[0] = lowering::location_of<P>(id, node.op == Op::output ? 0 : 1),
    step.at[1] = {Base::slot, slot};
    step.extent = elements;
    step.grain = elements;
  }
  return step;
}

}  // namespace tg::cpu
