// tg::memory_map: where every value of a function lies while it runs, and how much that takes.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdio>
#include <vector>

#include "typegrad/core/table.hpp"
#include "typegrad/runtime/program.hpp"
#include "typegrad/views/graph_table.hpp"

namespace tg {

namespace views {

// A value that is in memory: nodes that a kernel keeps in registers are not.
struct Placed {
  std::int16_t node = -1;
  cpu::Location at{};
  std::int64_t bytes = 0;
};

template <class L>
struct PlacedValues {
  static constexpr bool lies_somewhere(int id) {
    return L::plan.location[id].base != cpu::Base::nowhere && L::graph[id].op != Op::constant &&
           L::graph[id].op != Op::samples && !is_sink(L::graph[id].op);
  }
  template <class Visit>
  static constexpr void each(Visit visit) {
    for (int id = 0; id < L::graph.size(); ++id) {
      if (!lies_somewhere(id)) continue;
      const ir::Node& node = L::graph[id];
      const int element = L::is_half(id) ? 2 : int(sizeof(typename L::Element));
      const int copies = node.space == ir::Space::per_sample ? L::lanes : 1;
      visit(Placed{std::int16_t(id), L::plan.location[id],
                   std::int64_t(node.shape.size()) * copies * element});
    }
  }
  static constexpr auto table = table_of<Placed>([](auto visit) { each(visit); });
};

// The same of what is interpreted, for a chunk of samples.
inline std::vector<Placed> placed_values(std::span<const ir::Node> nodes,
                                         const reference::Schedule& plan, std::size_t element) {
  std::vector<Placed> result;
  for (std::size_t id = 0; id < nodes.size(); ++id) {
    if (!plan.has_place(id)) continue;
    const bool shared = nodes[id].space == ir::Space::shared;
    const int copies = shared ? 1 : reference::chunk_samples;
    const cpu::Base base = shared ? cpu::Base::shared : cpu::Base::scratch;
    result.push_back({std::int16_t(id),
                      {.base = base, .offset = plan.offset[id] * copies},
                      std::int64_t(nodes[id].shape.size()) * copies * std::int64_t(element)});
  }
  return result;
}

inline std::string place_of(const cpu::Location& at) {
  const auto from = [&](const char* memory) { return joined(memory, std::to_string(at.offset)); };
  switch (at.base) {
    case cpu::Base::scratch:
      return from("scratch + ");
    case cpu::Base::store:
      return from("store + ");
    case cpu::Base::shared:
      return from("shared + ");
    case cpu::Base::partials:
      return from("partial sums + ");
    default:
      return "the caller's";
  }
}

[[gnu::cold]] inline std::string memory_text(const PrintedGraph& graph,
                                             std::span<const Placed> values,
                                             const cpu::Sizes& sizes, std::size_t element) {
  const GraphNames names(graph);
  std::string text;
  for (const Placed& value : values) {
    const std::string title = names.title(value.node), type = names.type_of(value.node);
    const std::string layer =  // that of a leaf is in its name
        is_leaf(names.node(value.node).op) ? "" : names.layer(value.node);
    char line[64];
    std::snprintf(line, sizeof line, "%12lld  ", (long long)value.bytes);
    text += joined(line, place_of(value.at), "  ", type, "  ", title);
    text += layer.empty() ? "\n" : joined("  in ", layer, "\n");
  }
  const auto total = [&](const char* what, std::int64_t elements) {
    return joined(what, std::to_string(std::size_t(elements) * element), " bytes\n");
  };
  text += total("scratch, of each thread: ", sizes.scratch);
  text += total("store, of a chunk of samples: ", sizes.store);
  text += total("shared: ", sizes.shared);
  return text + total("partial sums, of each of 8 parts: ", sizes.partials);
}

}  // namespace views

// A line for each value that is in memory while the function runs: bytes (of what is per sample,
// for a tile of samples), the memory and the place in it, counted in elements, its type, the
// operation that makes it, the layer's path. Two values with one place live one after the other.
// Then the whole of each memory. Options are those of tg::Function.
//   std::puts(tg::memory_map<TrainStep>());
//   guard.details = tg::memory_map<TrainStep, tg::observed>();  // behind the words of an error
// Theano's storage map (exception_verbosity=high).
template <class Definition, auto... Options>
GraphText memory_map() {
  constexpr int capacity = runtime::capacity_option<Options...>();
  using Plan = runtime::PlanOf<Definition, runtime::purpose_option<Options...>(),
                               runtime::floating_option<Options...>(), capacity == 1 ? 1 : 0,
                               runtime::mode_option<Options...>>;
  using L = typename Plan::L;
  views::PrintedGraph graph = views::GraphTable<typename Plan::C, Stage::optimised>::graph();
  if constexpr (requires { L::plan; }) {
    static constexpr auto nodes = ir::exact_nodes<L::graph.size()>(L::graph);
    graph.nodes = nodes;
    return GraphText(views::memory_text(graph, views::PlacedValues<L>::table, L::sizes,
                                        sizeof(typename L::Element)));
  } else {
    static constexpr auto nodes = L::template table<0>();
    graph.nodes = nodes;
    const reference::Schedule plan(nodes);
    const cpu::Sizes sizes{.lanes = reference::chunk_samples,
                           .scratch = plan.samples_size * reference::chunk_samples,
                           .shared = plan.shared_size};
    return GraphText(
        views::memory_text(graph, views::placed_values(nodes, plan, sizeof(typename L::Element)),
                           sizes, sizeof(typename L::Element)));
  }
}

}  // namespace tg
