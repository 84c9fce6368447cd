// A definition on its way through the graph compiler: each pass's result is a constant of its own.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/kept.hpp"
#include "typegrad/graph/verify.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/passes/fence.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/hoist.hpp"
#include "typegrad/passes/mode.hpp"
#include "typegrad/passes/prune.hpp"

namespace tg {

namespace runtime {

constexpr ir::Graph hoist_again(const ir::Graph& graph) {
  return passes::prune(passes::hoist(graph));
}

// The nodes of the largest graph on the way: the same passes, of which nothing is kept.
template <class Definition, class Pipeline>
constexpr int most_nodes(Purpose purpose, DType floating) {
  ir::Graph graph = record<Definition>(purpose, floating).graph();
  int most = graph.size() + 1;
  const auto pass = [&](bool runs, ir::Graph (*of)(const ir::Graph&)) {
    if (!runs) return;
    graph = of(graph);
    most = graph.size() > most ? graph.size() : most;
  };
  const bool simple = Pipeline::simplifies(), often = Pipeline::simplifies_often();
  pass(true, passes::fence);
  pass(often, Pipeline::simplify);
  pass(Pipeline::makes_stable(), Pipeline::stabilise);
  pass(Pipeline::hoists(), passes::hoist);
  pass(true, passes::gradient);
  pass(!simple || often, passes::prune);
  pass(Pipeline::hoists(), hoist_again);
  pass(simple, Pipeline::simplify);
  pass(often, Pipeline::simplify);
  return most;
}

// One constant per pass: each has the compiler's whole budget, and each is verified. Constants of
// passes that the mode leaves out are never made.
template <class Definition, Purpose purpose, DType floating, class M = Mode<>>
struct Compiled {
  using Pipeline = passes::Pipeline<M>;
  // Which passes the mode runs.
  static constexpr bool stable = Pipeline::makes_stable(), simple = Pipeline::simplifies(),
                        often = Pipeline::simplifies_often();

  // The room that graphs are kept with: see ir::keeps_exactly.
  static constexpr int room = [] {
    if constexpr (ir::keeps_exactly)
      return most_nodes<Definition, Pipeline>(purpose, floating);
    else
      return ir::Graph::room;
  }();
  using Graph = ir::GraphOf<room>;

  static constexpr ir::Recording recording = record<Definition>(purpose, floating);
  static constexpr bool fences = passes::needs_fence(recording.graph());
  static constexpr Graph fenced = ir::keep<Graph>(passes::fence, recording.graph());
  static constexpr const auto& before_simplify() {
    if constexpr (fences)
      return fenced;
    else
      return recording.graph();
  }
  static constexpr Graph simplified = ir::keep<Graph>(Pipeline::simplify, before_simplify());
  static constexpr const auto& before_stabilise() {
    if constexpr (often)
      return simplified;
    else
      return before_simplify();
  }
  static constexpr Graph stabilised = ir::keep<Graph>(Pipeline::stabilise, before_stabilise());
  static constexpr const auto& before_hoist() {
    if constexpr (stable)
      return stabilised;
    else
      return before_stabilise();
  }
  static constexpr bool hoists = Pipeline::hoists() && recording.builder.graph.regions > 0;
  static constexpr Graph hoisted = ir::keep<Graph>(passes::hoist, before_hoist());
  static constexpr const auto& before_gradient() {
    if constexpr (hoists)
      return hoisted;
    else
      return before_hoist();
  }
  static constexpr Graph differentiated = ir::keep<Graph>(passes::gradient, before_gradient());
  static constexpr Graph pruned = ir::keep<Graph>(passes::prune, differentiated);
  static constexpr Graph hoisted_again = ir::keep<Graph>(hoist_again, pruned);
  // What one simplification meets and nobody needs costs less than another walk.
  static constexpr bool prunes_once = simple && !often && !hoists;
  static constexpr const auto& needed() {
    if constexpr (hoists)
      return hoisted_again;
    else if constexpr (prunes_once)
      return differentiated;
    else
      return pruned;
  }
  static constexpr Graph once = ir::keep<Graph>(Pipeline::simplify, needed());
  static constexpr Graph twice = ir::keep<Graph>(Pipeline::simplify, once);
  static constexpr const auto& before_last() {
    if constexpr (often)
      return twice;
    else if constexpr (simple)
      return once;
    else
      return needed();
  }
  static constexpr Graph optimised = ir::keep<Graph>(passes::prune, before_last());

  // The first thing that was wrong, in the definition or with its gradient.
  static constexpr Fault fault = optimised.fault;  // a copy: nvcc takes no reference here

  // visit.template operator()<graph>(name) with what the mode's passes made, in their order.
  template <class Visit>
  static constexpr void each_pass(Visit visit) {
    if constexpr (fences) visit.template operator()<fenced>("fence");
    if constexpr (often) visit.template operator()<simplified>("simplify");
    if constexpr (stable) visit.template operator()<stabilised>("stabilise");
    if constexpr (hoists) visit.template operator()<hoisted>("hoist");
    visit.template operator()<differentiated>("gradient");
    if constexpr (!prunes_once) visit.template operator()<pruned>("prune");
    if constexpr (hoists) visit.template operator()<hoisted_again>("hoist");
    if constexpr (simple) visit.template operator()<once>("simplify");
    if constexpr (often) visit.template operator()<twice>("simplify");
    if constexpr (simple) visit.template operator()<optimised>("prune");
  }

 private:
  // One evaluation each, as for the passes, and of nothing that the mode does not make. A mode that
  // is to compile fast leaves it to the others: its passes are theirs.
  template <const auto& graph>
  static constexpr bool is_well = fault || ir::keep<bool>(ir::valid, graph);
  static constexpr bool all_well() {
    bool well = true;
    if constexpr (Pipeline::runs_fast && TYPEGRAD_VERIFY_PASSES) {
      well = is_well<recording.builder.graph>;
      each_pass([&]<const auto & graph>(std::string_view) { well = well && is_well<graph>; });
    }
    return well;
  }
  static_assert(all_well(), "a pass made a graph that is none: this is a defect of typegrad");
};

}  // namespace runtime
}  // namespace tg
