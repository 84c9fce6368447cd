// What every node of a graph reads when views are read through: found once, asked often.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/index_map.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// With room for those of so many nodes.
template <int Room>
class SourcesOf {
 public:
  constexpr explicit SourcesOf(const ir::Graph& graph) {
    for (int id = 0, size = graph.size(); id < size; ++id) {
      views[id] = is_view(graph, graph[id]);
      sources.push_back(resolve(graph, id));
    }
  }

  // Node `id` itself, or what it is a view of.
  constexpr const Source& operator[](int id) const { return sources.elements[id].value; }
  // What operand `which` of a node is.
  constexpr const Source& operand(const ir::Node& node, int which) const {
    return sources.elements[node.operand.elements[which]].value;
  }
  constexpr bool is_view_at(int id) const { return views.elements[id]; }

  template <int Other>
  constexpr operator SourcesOf<Other>() const {
    SourcesOf<Other> result;
    result.sources = sources;
    result.views = resized<Other>(views);
    return result;
  }

 private:
  template <int Other>
  friend class SourcesOf;
  constexpr SourcesOf() = default;

  FixedVector<Source, Room> sources;
  PerNode<bool, Room> views{};
};
using Sources = SourcesOf<max_nodes>;
constexpr Sources find_sources(const ir::Graph& graph) { return Sources(graph); }

}  // namespace tg::passes
