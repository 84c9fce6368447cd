// From an optimised graph to the CPU's constant tables.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/executor.hpp"
#include "typegrad/backends/cpu/lower_exits.hpp"
#include "typegrad/backends/cpu/planner.hpp"
#include "typegrad/graph/kept.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/passes/loops.hpp"
#include "typegrad/passes/materialise.hpp"
#include "typegrad/passes/whole_numbers.hpp"

namespace tg::cpu {

// Vectors of samples per element: convolutions and products of matrices fill the registers with
// positions, products of a matrix and a vector with samples.
template <int Room>
constexpr int vectors_per_element(const ir::GraphOf<Room>& graph) {
  bool positions = false, trains = false, multiplies = false;
  for (const ir::Node& node : graph.nodes) {
    const bool vector = is_matrix_times_vector(graph, node);
    const bool matrices = node.op == Op::matmul && node.space == ir::Space::per_sample && !vector;
    positions = positions || node.op == Op::convolution || matrices;
    multiplies = multiplies || vector;
    trains = trains || is_rows(node);
  }
  return positions || !multiplies ? 1 : trains ? 2 : 3;
}

template <int Room>
constexpr bool sums_across(const ir::GraphOf<Room>& graph) {
  for (const ir::Node& node : graph.nodes)
    if (node.across) return true;
  return false;
}

// A graph as the CPU runs it.
constexpr ir::Graph arrange(const ir::Graph& graph) {
  return passes::gather_loops(passes::materialise(
      passes::gather_loops(passes::separate_loops(passes::look_at_whole_numbers(graph)))));
}

// All steps of P's plan. (A list in braces, for clang folds no more than 256.)
template <class P>
constexpr auto lower_steps() {
  return []<std::size_t... Index>(std::index_sequence<Index...>) {
    return std::array<Step<typename P::Element>, sizeof...(Index)>{lower<P, int(Index)>()...};
  }
  (std::make_index_sequence<std::size_t(P::plan.steps.size())>{});
}

template <class L>
constexpr auto lower_nodes() {
  return ir::exact_nodes<L::graph.size()>(L::graph);
}
template <class L>
constexpr auto lower_constants() {
  std::array<typename L::Element, L::plan.constants.size()> values{};
  for (int i = 0; i < L::plan.constants.size(); ++i)
    values[i] = typename L::Element(L::plan.constants[i]);
  return values;
}

template <class L>
constexpr bool has_custom() {
  for (const ir::Node& node : L::graph.nodes)
    if (node.op == Op::custom) return true;
  return false;
}
// Only users' operations ask for lines while they run.
template <class L>
constexpr auto lower_places() {
  if constexpr (has_custom<L>())
    return L::places();
  else
    return std::array<ir::Place, 0>{};
}

// What runtime/ asks of a backend, of a runtime::PlanOf<…>::Source: the latency layout where
// Source::capacity is 1.
template <class Source>
struct Lowered {
  using Element = element_t<Source::dtype>;
  using Program = cpu::Program<Element>;
  using Half = element_t<Source::stored_as>;  // Element where there are no halves
  static constexpr bool halves = tg::is_half(Source::stored_as);
  static constexpr int leaves = Source::leaves;
  static constexpr std::uint64_t key_of(int leaf) { return Source::key_of(leaf); }
  static constexpr auto places() { return Source::places(); }
  static constexpr int room = ir::room_after(arrange, Source::graph);
  static constexpr ir::GraphOf<room> graph = ir::keep<ir::GraphOf<room>>(arrange, Source::graph);
  static constexpr Layout layout =
      Source::capacity == 1 && !halves && !sums_across(graph) ? Layout::flat : Layout::lanes;
  template <int Room>
  static constexpr bool takes_epilogue(const ir::GraphOf<Room>& of, const ir::Node& node) {
    if (is_shared_product(of, node)) return true;
    return layout == Layout::flat ? has_latency_kernel(of, node) : has_kernel(of, node);
  }
  static constexpr int vectors = layout == Layout::flat ? 1 : vectors_per_element(graph);
  static constexpr int lanes = layout == Layout::flat ? 1 : vectors * width<Element>;
  // Each a constant of its own, with the compiler's whole budget.
  static constexpr passes::SourcesOf<room> sources =
      ir::keep<passes::SourcesOf<room>>(passes::find_sources, graph);
  static constexpr passes::FusionOf<room> grown = ir::keep<passes::FusionOf<room>>(
      [](const ir::Graph& of, const Sources& from) {
        return passes::grow_groups(of, from, takes_epilogue<ir::Graph::room>, Source::fuses);
      },
      graph, sources);
  static constexpr passes::FusionOf<room> fusion = ir::keep<passes::FusionOf<room>>(
      [](const Fusion& groups, const ir::Graph& of, const Sources& from) {
        return passes::settle_groups(groups, of, from, Source::fuses);
      },
      grown, graph, sources);
  static constexpr PlanOf<room> plan = ir::keep<PlanOf<room>>(
      [](const ir::Graph& of, const Sources& from, const Fusion& groups) {
        return Planner(of, from, groups, leaves, lanes, layout, halves).run();
      },
      graph, sources, fusion);

  // Whether a stored value lies in memory as halves.
  static constexpr bool is_half(int id) {
    const Location& at = plan.location[id];
    return halves && passes::lies_in_half(graph, id, at.base == Base::slot ? at.slot : -1);
  }

  static_assert(!TYPEGRAD_VERIFY_PASSES || ir::keep<bool>(ir::valid, graph),
                "the CPU's lowering made a graph that is none: this is a defect of typegrad");
  // True when a value made across the samples is used per sample again: all of a call's samples
  // must fit.
  static constexpr bool across_levels = [] {
    for (const StepPlan& step : plan.steps)
      if (step.phase == Phase::tile && step.level > 0) return true;
    return false;
  }();
  static constexpr Sizes sizes{.lanes = lanes,
                               .scratch = plan.scratch_size,
                               .store = plan.store_size,
                               .shared = plan.shared_size,
                               .partials = plan.partials_size,
                               .across_levels = across_levels};
  // Bytes that an Executor on one thread works on. `most`: the samples of a call, 0 is any number.
  static constexpr std::int64_t workspace_bytes(int most) {
    return std::int64_t(workspace_of(sizes, most, 1).elements() * sizeof(Element));
  }
  static constexpr bool updates_in_place(int leaf) {
    return passes::updates_in_place(graph, plan, leaf);
  }

  // What somebody keeps, exact-sized, and the program of it.
  static constexpr int tables = 6;
  template <int Which>
  static constexpr auto table() {
    if constexpr (Which == 0) return lower_steps<Lowered>();
    if constexpr (Which == 1) return lower_nodes<Lowered>();
    if constexpr (Which == 2) return lower_constants<Lowered>();
    if constexpr (Which == 3) return lower_exits<Lowered>();
    if constexpr (Which == 4) return lower_idle_rows<Lowered>();
    if constexpr (Which == 5) return lower_places<Lowered>();
  }
  static constexpr Program program(std::span<const Step<Element>> steps,
                                   std::span<const ir::Node> nodes,
                                   std::span<const Element> constants,
                                   std::span<const LoopExit> exits,
                                   std::span<const IdleRow> idle_rows,
                                   std::span<const ir::Place> places) {
    return {.steps = steps,
            .nodes = nodes,
            .constants = constants,
            .exits = exits,
            .idle_rows = idle_rows,
            .places = places,
            .sizes = sizes,
            .slots = output_slot(leaves, plan.outputs),
            .samples_offset = plan.samples_offset,
            .has_rows = plan.has_rows};
  }
};

}  // namespace tg::cpu
