// The graph of a definition as constants, with the plan's word on what is computed in place.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/table.hpp"
#include "typegrad/passes/index_map.hpp"
#include "typegrad/runtime/program.hpp"
#include "typegrad/views/graph_drawing.hpp"
#include "typegrad/views/graph_table.hpp"

namespace tg::views {

// The updates that a program, L, makes in the variables' own memory. Nodes are those of
// `optimised`; lowering may have added some, so a variable is known by its leaf.
template <const auto& optimised, class L>
struct OverwriteTable {
  template <class Visit>
  static constexpr void each(Visit visit) {
    for (const ir::Node& node : optimised.nodes)
      if (node.op == Op::update && L::updates_in_place(optimised[node.operand[0]].attributes[0]))
        visit(Overwrite{node.operand[0],
                        std::int16_t(passes::resolve(optimised, node.operand[1]).node)});
  }
  static constexpr auto table = table_of<Overwrite>([](auto visit) { each(visit); });
};

// Of each node, whether it shows its operand's memory.
template <const auto& graph>
inline constexpr auto view_table = [] {
  std::array<bool, std::size_t(graph.size())> result{};
  for (int id = 0; id < graph.size(); ++id)
    result[std::size_t(id)] = passes::is_view(graph, graph[id]);
  return result;
}();

// Options are those of tg::Function, and tg::recorded. A wrong definition is its one error.
template <class Definition, auto... Options>
DrawnGraph drawn_graph() {
  constexpr Stage stage = stage_option<Options...>();
  constexpr int capacity = runtime::capacity_option<Options...>() == 1 ? 1 : 0;
  using Plan = runtime::PlanOf<Definition, runtime::purpose_option<Options...>(),
                               runtime::floating_option<Options...>(), capacity,
                               runtime::mode_option<Options...>>;
  using C = typename Plan::C;
  const PrintedGraph graph = GraphTable<C, stage>::graph();
  if constexpr (stage == Stage::recorded)
    return {graph, view_table<C::recording.builder.graph>, {}};
  else if constexpr (Plan::right)
    return {graph, view_table<C::optimised>, OverwriteTable<C::optimised, typename Plan::L>::table};
  else
    return {};
}

}  // namespace tg::views
