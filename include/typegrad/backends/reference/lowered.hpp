// From an optimised graph to what is interpreted: no kernel, no plan, a table of nodes.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/executor_loops.hpp"
#include "typegrad/graph/kept.hpp"
#include "typegrad/passes/loop_ends.hpp"
#include "typegrad/passes/loops.hpp"

namespace tg::reference {

// A graph as it is interpreted.
constexpr ir::Graph arrange(const ir::Graph& graph) {
  return passes::gather_loops(passes::separate_loops(passes::look_at_whole_numbers(graph)));
}

// What runtime/ asks of a backend: runtime/backend.hpp.
template <class Source>
struct Lowered {
  using Element = element_t<Source::dtype>;
  using Program = reference::Program<Element>;

  static constexpr bool is_ready =
      Source::graph.regions == 0 && !passes::WholeNumbers::computed_in(Source::graph);
  static constexpr int room = ir::room_after(arrange, Source::graph);
  static constexpr ir::GraphOf<room> arranged = ir::keep<ir::GraphOf<room>>(arrange, Source::graph);
  static constexpr const auto& graph() {
    if constexpr (is_ready)
      return Source::graph;
    else
      return arranged;
  }

  static constexpr bool across_levels = sums_before_samples(graph());
  // `most` samples a call; of any number, those of a chunk.
  static constexpr std::int64_t workspace_bytes(int most) {
    return workspace_elements(table<0>(), most) * std::int64_t(sizeof(Element));
  }
  static constexpr bool updates_in_place(int) { return false; }

  static constexpr int tables = 6;
  template <int Which>
  static constexpr auto table() {
    if constexpr (Which == 0)
      return ir::exact_nodes<graph().size()>(graph());
    else if constexpr (Which == 1)
      return rows_of<Element>(graph());
    else if constexpr (Which == 2)
      return names();
    else if constexpr (Which == 3)
      return places();
    else if constexpr (Which == 4)
      return exits();
    else
      return idle_rows();
  }
  static constexpr Program program(std::span<const ir::Node> nodes, const Rows<Element>& rows,
                                   std::span<const std::uint64_t> names,
                                   std::span<const ir::Place> places,
                                   std::span<const LoopExit> exits,
                                   std::span<const IdleRow> idle_rows) {
    return {.nodes = nodes,
            .rows = &rows,
            .parts = Executor<Element>::parts_of(graph().nodes),
            .leaves = Source::leaves,
            .names = names,
            .places = places,
            .exits = exits,
            .idle_rows = idle_rows};
  }

 private:
  static constexpr bool has(Op a, Op b) {
    for (const ir::Node& node : graph().nodes)
      if (node.op == a || node.op == b) return true;
    return false;
  }
  static constexpr auto names() {
    std::array<std::uint64_t, has(Op::uniform, Op::normal) ? std::size_t(Source::leaves) : 0>
        hashes{};
    for (std::size_t leaf = 0; leaf < hashes.size(); ++leaf)
      hashes[leaf] = Source::key_of(int(leaf));
    return hashes;
  }
  static constexpr auto places() {
    if constexpr (has(Op::custom, Op::custom))
      return Source::places();
    else
      return std::array<ir::Place, 0>{};
  }

  static constexpr bool loops = Source::graph.regions > 0;
  struct Ends {
    static constexpr auto sources =
        ir::keep<passes::SourcesOf<graph().room>>(passes::find_sources, graph());
    static constexpr passes::LoopEnds ends{graph(), sources};

    // Calls with what each loop that may end leaves of a step that is not run.
    template <class Visit>
    static constexpr void each_row(Visit visit) {
      for (int i = 0; i < ends.size(); ++i)
        for (int id = 0; id < graph().size(); ++id) {
          const int from = graph()[id].operand[0];
          if (graph()[id].op != Op::collect || graph()[from].region != ends[i].region) continue;
          const passes::Idle idle = ends.idle(from);
          visit(IdleRow{std::int16_t(id), std::int16_t(passes::is_carry(idle) ? int(idle) : -1)});
        }
    }
    static constexpr int rows() {
      int count = 0;
      each_row([&](const IdleRow&) { ++count; });
      return count;
    }
  };
  static constexpr auto exits() {
    if constexpr (loops) {
      std::array<LoopExit, std::size_t(Ends::ends.size())> result{};
      for (int i = 0; i < Ends::ends.size(); ++i)
        result[std::size_t(i)] = {Ends::ends[i].region, Ends::ends[i].mask};
      return result;
    } else {
      return std::array<LoopExit, 0>{};
    }
  }
  static constexpr auto idle_rows() {
    if constexpr (loops) {
      std::array<IdleRow, std::size_t(Ends::rows())> result{};
      std::size_t next = 0;
      Ends::each_row([&](const IdleRow& row) { result[next++] = row; });
      return result;
    } else {
      return std::array<IdleRow, 0>{};
    }
  }
};

}  // namespace tg::reference
