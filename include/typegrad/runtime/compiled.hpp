// A definition on its way through the graph compiler: each pass's result is a constant of its own.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/verify.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/passes/fence.hpp"
#include "typegrad/passes/gradient.hpp"
#include "typegrad/passes/hoist.hpp"
#include "typegrad/passes/mode.hpp"
#include "typegrad/passes/prune.hpp"

namespace tg {

namespace runtime {

// One constant per pass: each has the compiler's whole budget, and each is verified. Constants of
// passes that the mode leaves out are never made.
template <class Definition, Purpose purpose, DType floating, class M = Mode<>>
struct Compiled {
  using Pipeline = passes::Pipeline<M>;
  // Which passes the mode runs.
  static constexpr bool stable = Pipeline::makes_stable(), simple = Pipeline::simplifies(),
                        often = Pipeline::simplifies_often();

  static constexpr ir::Recording recording = record<Definition>(purpose, floating);
  static constexpr bool fences = passes::needs_fence(recording.graph());
  static constexpr ir::Graph fenced = passes::fence(recording.graph());
  static constexpr const ir::Graph& before_simplify() {
    if constexpr (fences)
      return fenced;
    else
      return recording.graph();
  }
  static constexpr ir::Graph simplified = Pipeline::simplify(before_simplify());
  static constexpr const ir::Graph& before_stabilise() {
    if constexpr (often)
      return simplified;
    else
      return before_simplify();
  }
  static constexpr ir::Graph stabilised = Pipeline::stabilise(before_stabilise());
  static constexpr const ir::Graph& before_hoist() {
    if constexpr (stable)
      return stabilised;
    else
      return before_stabilise();
  }
  static constexpr bool hoists = Pipeline::hoists() && recording.builder.graph.regions > 0;
  static constexpr ir::Graph hoisted = passes::hoist(before_hoist());
  static constexpr const ir::Graph& before_gradient() {
    if constexpr (hoists)
      return hoisted;
    else
      return before_hoist();
  }
  static constexpr ir::Graph differentiated = passes::gradient(before_gradient());
  static constexpr ir::Graph pruned = passes::prune(differentiated);
  static constexpr ir::Graph hoisted_again = passes::prune(passes::hoist(pruned));
  // What one simplification meets and nobody needs costs less than another walk.
  static constexpr bool prunes_once = simple && !often && !hoists;
  static constexpr const ir::Graph& needed() {
    if constexpr (hoists)
      return hoisted_again;
    else if constexpr (prunes_once)
      return differentiated;
    else
      return pruned;
  }
  static constexpr ir::Graph once = Pipeline::simplify(needed());
  static constexpr ir::Graph twice = Pipeline::simplify(once);
  static constexpr const ir::Graph& before_last() {
    if constexpr (often)
      return twice;
    else if constexpr (simple)
      return once;
    else
      return needed();
  }
  static constexpr ir::Graph optimised = passes::prune(before_last());

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
  template <const ir::Graph& graph>
  static constexpr bool is_well = fault || ir::valid(graph);
  static constexpr bool all_well() {
    bool well = true;
    if constexpr (Pipeline::runs_fast && TYPEGRAD_VERIFY_PASSES) {
      well = is_well<recording.builder.graph>;
      each_pass([&]<const ir::Graph & graph>(std::string_view) { well = well && is_well<graph>; });
    }
    return well;
  }
  static_assert(all_well(), "a pass made a graph that is none: this is a defect of typegrad");
};

}  // namespace runtime
}  // namespace tg
