// A definition on its way through the graph compiler: each pass's result is a constant of its own.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <utility>

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

// A pass of the graph compiler, and whether it runs on this definition.
struct Pass {
  enum class Asks : std::uint8_t { nothing, simplifications, stabilisations };

  std::string_view name;
  ir::Graph (*run)(const ir::Graph&);
  bool runs = true;
  Asks asks = Asks::nothing;  // which of the mode's rules
};

// All passes, in their order, for what a definition has recorded: Pipeline says which the mode has.
template <class Pipeline>
constexpr auto list_passes(const ir::Graph& recorded) {
  const bool simple = Pipeline::simplifies(), often = Pipeline::simplifies_often();
  const bool hoists = Pipeline::hoists() && recorded.regions > 0;
  const Pass simplify{"simplify", Pipeline::simplify, simple, Pass::Asks::simplifications};
  Pass simplify_often = simplify;
  simplify_often.runs = often;
  return std::array{
      Pass{"fence", passes::fence, passes::needs_fence(recorded)},
      simplify_often,
      Pass{"stabilise", Pipeline::stabilise, Pipeline::makes_stable(), Pass::Asks::stabilisations},
      Pass{"hoist", passes::hoist, hoists},
      Pass{"gradient", passes::gradient},
      // What one simplification meets and nobody needs costs less than another walk.
      Pass{"prune", passes::prune, often || hoists},
      Pass{"hoist", hoist_again, hoists},
      simplify,
      simplify_often,
      Pass{"prune", passes::prune},
  };
}

// The nodes of the largest graph on the way, of which nothing is kept.
template <class Definition, class Pipeline>
constexpr int most_nodes(Purpose purpose, DType floating) {
  ir::Graph graph = record<Definition>(purpose, floating).graph();
  int most = graph.size() + 1;
  for (const Pass& pass : list_passes<Pipeline>(graph)) {
    if (!pass.runs) continue;
    graph = pass.run(graph);
    most = graph.size() > most ? graph.size() : most;
  }
  return most;
}

// One constant per pass: each has the compiler's whole budget, and each is verified. Constants of
// passes that do not run are never made.
template <class Definition, Purpose purpose, DType floating, class M = Mode<>>
struct Compiled {
  using Pipeline = passes::Pipeline<M>;

  // The room that graphs are kept with: see ir::keeps_exactly.
  static constexpr int room = [] {
    if constexpr (ir::keeps_exactly)
      return most_nodes<Definition, Pipeline>(purpose, floating);
    else
      return ir::Graph::room;
  }();
  using Graph = ir::GraphOf<room>;

  static constexpr ir::Recording recording = record<Definition>(purpose, floating);
  static constexpr auto list = list_passes<Pipeline>(recording.graph());
  static constexpr int last = int(list.size()) - 1;

  // What a pass gets, and what it makes of it.
  template <int I>
  static constexpr const auto& before() {
    if constexpr (I == 0)
      return recording.graph();
    else if constexpr (list[I - 1].runs)
      return after<I - 1>;
    else
      return before<I - 1>();
  }
  template <int I>
  static constexpr Graph after = ir::keep<Graph>(list[I].run, before<I>());
  static constexpr Graph optimised = ir::keep<Graph>(list[last].run, before<last>());

  // The first thing that was wrong, in the definition or with its gradient.
  static constexpr Fault fault = optimised.fault;  // a copy: nvcc takes no reference here

  // visit.template operator()<graph>(name) with what the passes that run made, in their order.
  template <class Visit>
  static constexpr void each_pass(Visit visit) {
    [&]<int... I>(std::integer_sequence<int, I...>) { (visit_pass<I>(visit), ...); }
    (std::make_integer_sequence<int, last>{});
    visit.template operator()<optimised>(list[last].name);
  }

 private:
  template <int I, class Visit>
  static constexpr void visit_pass(Visit& visit) {
    if constexpr (list[I].runs) visit.template operator()<after<I>>(list[I].name);
  }
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
