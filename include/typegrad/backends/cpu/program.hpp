// From an optimised graph to the CPU's constant tables.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/executor.hpp"
#include "typegrad/backends/cpu/lower_exits.hpp"
#include "typegrad/backends/cpu/lower_plain.hpp"
#include "typegrad/backends/cpu/planner.hpp"
#include "typegrad/backends/cpu/whole_numbers.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/passes/loops.hpp"
#include "typegrad/passes/materialise.hpp"

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
// Source::dtype its dtype, Source::stored_as how its numbers are stored, the same or a half,
// Source::capacity the most samples of a call: 1 chooses the latency
// layout, 0 is any number. Source::fuses: one kernel computes several nodes. Source::specialises:
// each shape has kernels of its own.
template <class Source>
struct Lowered {
  using Element = element_t<Source::dtype>;
  using Half = element_t<Source::stored_as>;  // Element where there are no halves
  static constexpr bool halves = tg::is_half(Source::stored_as);
  static constexpr int leaves = Source::leaves;
  static constexpr std::uint64_t key_of(int leaf) { return Source::key_of(leaf); }
  // Halves have kernels for each shape alone.
  static constexpr bool specialises = Source::specialises || halves,
                        fuses = Source::fuses && specialises;
  static constexpr ir::Graph graph = passes::gather_loops(passes::materialise(
      passes::gather_loops(passes::separate_loops(look_at_whole_numbers(Source::graph)))));
  static constexpr Layout layout =
      Source::capacity == 1 && !halves && !sums_across(graph) ? Layout::flat : Layout::lanes;
  static constexpr bool takes_epilogue(const ir::Graph& of, const ir::Node& node) {
    if (!specialises) return false;
    if (is_shared_product(of, node)) return true;
    return layout == Layout::flat ? has_latency_kernel(of, node) : has_kernel(of, node);
  }
  static constexpr int vectors = layout == Layout::flat ? 1 : vectors_per_element(graph);
  static constexpr int lanes = layout == Layout::flat ? 1 : vectors * width<Element>;
  // Each a constant of its own, with the compiler's whole budget.
  static constexpr Sources sources{graph};
  static constexpr Fusion grown = passes::grow_groups(graph, sources, takes_epilogue, fuses);
  static constexpr Fusion fusion = passes::settle_groups(grown, graph, sources, fuses);
  static constexpr Plan plan = Planner(graph, sources, fusion, leaves, lanes, layout, halves).run();

  // Whether a stored value lies in memory as halves: what the planner decides, and the new value of
  // a parameter that is made where the parameter lies.
  static constexpr bool is_half(int id) {
    if constexpr (!halves) return false;
    if (stored_in_half(graph, id)) return true;
    const Location& at = plan.location[id];
    if (is_leaf(graph[id].op) || at.base != Base::slot) return false;
    for (const ir::Node& node : graph.nodes)
      if (node.op == Op::parameter && at.slot == leaf_slot(node.attributes[0])) return true;
    return false;
  }

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

// Of each node, whether its value is rounded when it is made, as memory will hold it: what
// reference::Rounding asks.
template <class L>
constexpr auto rounded_nodes() {
  std::array<bool, L::graph.size()> rounded{};
  for (int id = 0; id < L::graph.size(); ++id) {
    const ir::Node& node = L::graph[id];
    const bool in_memory = is_leaf(node.op) || L::fusion.stored[id];
    rounded[std::size_t(id)] = node.op == Op::update
                                   ? L::halves && L::graph.operand(id, 0).op == Op::parameter
                                   : in_memory && L::is_half(id);
  }
  return rounded;
}

// The whole program: its tables, and what its plan says beside them.
template <class L>
constexpr Program<typename L::Element> make_program(Program<typename L::Element> tables) {
  const Plan& plan = L::plan;
  tables.sizes = L::sizes;
  tables.slots = plan.output_slot(L::leaves, plan.outputs);
  tables.samples_offset = plan.samples_offset;
  tables.has_rows = plan.has_rows;
  return tables;
}

}  // namespace cpu
}  // namespace tg
