// From an optimised graph to the CPU's constant tables.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/executor.hpp"
#include "typegrad/backends/cpu/lower_plain.hpp"
#include "typegrad/backends/cpu/planner.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/passes/loops.hpp"

namespace tg {

// The backend of the machine that runs the program: vectors with a lane per sample, and a pool of
// threads.
struct Cpu {};

namespace cpu {

// Vectors of samples per element: convolutions and products of matrices fill the registers with
// positions, products of a matrix and a vector with samples.
constexpr int vectors_per_element(const ir::Graph& graph) {
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

constexpr bool sums_across(const ir::Graph& graph) {
  for (const ir::Node& node : graph.nodes)
    if (node.across) return true;
  return false;
}

// `Source::graph` is the optimised graph, Source::leaves the number of leaves of its recording,
// Source::dtype its dtype, Source::capacity the most samples of a call: 1 chooses the latency
// layout, 0 is any number. Source::fuses: one kernel computes several nodes. Source::specialises:
// each shape has kernels of its own.
template <class Source>
struct Lowered {
  using Element = element_t<Source::dtype>;
  static constexpr int leaves = Source::leaves;
  static constexpr std::uint64_t key_of(int leaf) { return Source::key_of(leaf); }
  static constexpr bool specialises = Source::specialises, fuses = Source::fuses && specialises;
  static constexpr ir::Graph graph = passes::gather_loops(
      materialise(passes::gather_loops(passes::separate_loops(Source::graph))));
  static constexpr Layout layout =
      Source::capacity == 1 && !sums_across(graph) ? Layout::flat : Layout::lanes;
  static constexpr bool takes_epilogue(const ir::Graph& of, const ir::Node& node) {
    if (!specialises) return false;
    return layout == Layout::flat ? has_latency_kernel(of, node) : has_kernel(of, node);
  }
  static constexpr int vectors = layout == Layout::flat ? 1 : vectors_per_element(graph);
  static constexpr int lanes = layout == Layout::flat ? 1 : vectors * width<Element>;
  // Each a constant of its own, with the compiler's whole budget.
  static constexpr Sources sources{graph};
  static constexpr Fusion grown = passes::grow_groups(graph, sources, takes_epilogue, fuses);
  static constexpr Fusion fusion = passes::settle_groups(grown, graph, sources, fuses);
  static constexpr Plan plan = Planner(graph, sources, fusion, leaves, lanes, layout).run();

  static_assert(ir::valid(graph),
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
};

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

template <class L, class Steps, class Nodes, class Constants>
constexpr Program<typename L::Element> make_program(const Steps& steps, const Nodes& nodes,
                                                    const Constants& constants,
                                                    std::span<const ir::Place> places = {}) {
  const Plan& plan = L::plan;
  return {.steps = steps,
          .nodes = nodes,
          .constants = constants,
          .places = places,
          .sizes = L::sizes,
          .slots = plan.output_slot(L::leaves, plan.outputs),
          .samples_offset = plan.samples_offset,
          .has_rows = plan.has_rows};
}

}  // namespace cpu
}  // namespace tg
