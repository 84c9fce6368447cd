// Says which nodes one kernel computes together, and what must be in memory.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/sources.hpp"

namespace tg::passes {

// Large gradients over all samples, products and scattered rows, have a stage of their own; other
// sums across samples end in partial sums.
constexpr bool is_rows(const ir::Node& node) {
  return node.across && (node.op == Op::outer || node.op == Op::scatter);
}

inline constexpr int max_group_steps = 32;
// Values in memory that one kernel reads and writes: operands of its anchor, loads and stores.
inline constexpr int max_group_places = 32;

// A kernel with loops of its own repeats its epilogue for every result that it holds in registers:
// work beyond this has a loop of its own.
inline constexpr int max_epilogue_work = 8;
// Of one element-wise node, in units of an addition.
constexpr int work_of(Op op) {
  switch (op) {
    case Op::exp:
    case Op::log:
    case Op::log1p:
    case Op::expm1:
    case Op::tanh:
    case Op::sigmoid:
    case Op::softplus:
    case Op::erf:
    case Op::erfc:
    case Op::erfcx:
    case Op::cosine:
    case Op::sine:
    case Op::power:
      return 6;
    default:
      return 1;
  }
}

// What one kernel computes: an operation that has its own loops (the anchor), and element-wise work
// on its result; or element-wise work alone.
struct Group {
  std::int16_t anchor = -1;
  std::int16_t level = 0;   // how many sums across samples lie before it: see Fusion::level
  std::int16_t steps = 0;   // element-wise nodes
  std::int16_t places = 0;  // at most so many
  std::int16_t work = 0;    // behind an anchor: of its epilogue
  std::int16_t region = 0;  // of its nodes: see ir::Node
  bool open = false;        // may element-wise nodes join?
  ir::Space space = ir::Space::shared;
  std::int32_t size = 0;  // elements that each node of the group has
};

// With room for so many nodes.
template <int Room>
struct FusionOf {
  FixedVector<Group, Room> groups;  // a group reads only groups before it
  std::int16_t group[Room]{};       // of each node; -1: leaves, views, sinks
  std::int16_t level[Room]{};  // values made across samples of level n exist from level n + 1 on
  bool stored[Room]{};         // read outside of its group
  // Of each group: its first node, and of each node: the next one of its group, in order; -1 ends.
  std::int16_t first[Room]{};
  std::int16_t next[Room]{};

  constexpr bool empty(int g) const { return first[g] < 0; }

  constexpr int levels() const {
    int last = 0;
    for (const Group& g : groups) last = g.level > last ? g.level : last;
    return last + 1;
  }
  template <int Other>
  constexpr operator FusionOf<Other>() const {
    FusionOf<Other> result{.groups = groups};
    copy_first(group, result.group);
    copy_first(level, result.level);
    copy_first(stored, result.stored);
    copy_first(first, result.first);
    copy_first(next, result.next);
    return result;
  }
};
using Fusion = FusionOf<max_nodes>;

// Leaves that random numbers fill are computed like any operation.
constexpr bool is_computed(const ir::Graph& graph, const Sources& sources, int id) {
  const Op op = graph[id].op;
  if (op == Op::uniform || op == Op::normal) return true;
  return !is_leaf(op) && !is_sink(op) && kind_of(op) != Kind::loop && !sources.is_view_at(id);
}

namespace fusing {

constexpr int level_of(const Fusion& fusion, const ir::Graph& graph, const ir::Node& node) {
  int level = 0;
  for (int i = 0; i < ir::max_operands && node.operand.elements[i] >= 0; ++i) {
    const int operand = node.operand.elements[i];
    const int from = fusion.level[operand] + (graph[operand].across ? 1 : 0);
    level = from > level ? from : level;
  }
  return level;
}

// All of a loop's body is of one level: that of the latest value that it reads from outside. Pre:
// the body lies together, from node `first` on.
constexpr void find_loop_level(Fusion& fusion, const ir::Graph& graph, int first) {
  const std::int16_t region = graph[first].region;
  std::int16_t level = 0;
  int end = first;
  for (; end < graph.size() && graph[end].region == region; ++end)
    for (int i = 0; i < ir::max_operands && graph[end].operand.elements[i] >= 0; ++i) {
      const int from = graph[end].operand.elements[i];
      const ir::Node& read = graph[from];
      if (read.region == region) continue;
      const auto at = std::int16_t(fusion.level[from] + (read.across ? 1 : 0));
      level = at > level ? at : level;
    }
  for (int id = first; id < end; ++id) fusion.level[id] = level;
}

// Counts the places of groups as they grow: never too few.
class Places {
 public:
  constexpr Places(const ir::Graph& the_graph, const Sources& the_sources)
      : graph(the_graph), sources(the_sources) {
    map.resize(graph.size());
    for (int id = 0, size = graph.size(); id < size; ++id) {
      if (sources.is_view_at(id)) continue;
      const ir::Operands read = graph[id].operand;
      for (int i = 0; i < ir::max_operands && read.elements[i] >= 0; ++i)
        ++readers[sources[read.elements[i]].node];
    }
  }

  // What the group has more when node `id` joins: what it loads, its result, less results that only
  // it still had to read.
  constexpr int added(const Fusion& fusion, int id, int group) const {
    const ir::Node& node = graph[id];
    int more = readers[id] > 0 ? 1 : 0;
    for (int i = 0, count = node.operands(); i < count; ++i) {
      const Source& source = sources.operand(node, i);
      if (fusion.group[source.node] != group) {
        if (loader[source.node] != group + 1 || !(map[source.node] == source.map)) ++more;
      } else if (readers[source.node] == reads(node, source.node) &&
                 first_read(node, i, source.node)) {
        --more;
      }
    }
    return more;
  }
  constexpr void join(Fusion& fusion, int id, int group) {
    const ir::Node& node = graph[id];
    Group& into = fusion.groups[group];
    if (into.anchor == id) {  // its operands have places of their own
      into.places = std::int16_t(node.operands() + 1);
      return;
    }
    into.places = std::int16_t(into.places + added(fusion, id, group));
    for (int i = 0, count = node.operands(); i < count; ++i) {
      const Source& source = sources.operand(node, i);
      if (fusion.group[source.node] == group)
        --readers[source.node];
      else
        loader[source.node] = std::int16_t(group + 1), map[source.node] = source.map;
    }
  }

 private:
  constexpr int reads(const ir::Node& node, int source) const {
    int count = 0;
    for (int i = 0; i < ir::max_operands && node.operand.elements[i] >= 0; ++i)
      count += sources.operand(node, i).node == source;
    return count;
  }
  constexpr bool first_read(const ir::Node& node, int operand, int source) const {
    for (int i = 0; i < operand; ++i)
      if (sources.operand(node, i).node == source) return false;
    return true;
  }

  const ir::Graph& graph;
  const Sources& sources;
  std::int16_t readers[max_nodes]{};  // operands of nodes that have not joined the same group
  std::int16_t loader[max_nodes]{};   // the last group that loads a node, + 1, and how
  FixedVector<IndexMap, max_nodes> map;
};

// The group that an element-wise node can join: one whose result it reads element by element, when
// all else that it reads is there before that group starts.
constexpr int joinable(const Fusion& fusion, const ir::Graph& graph, const Sources& sources,
                       const Places& places, int id) {
  const ir::Node& node = graph[id];
  const int size = node.shape.size();
  int latest = -1;
  bool full = false;
  for (int i = 0, count = node.operands(); i < count; ++i) {
    const Source& source = sources.operand(node, i);
    const int group = fusion.group[source.node];
    if (group > latest)
      latest = group, full = source.full(size);
    else if (group == latest && group >= 0)
      full = full && source.full(size);
  }
  if (latest < 0 || !full) return -1;
  const Group& group = fusion.groups[latest];
  const bool repeats = group.anchor >= 0 && group.work + work_of(node.op) > max_epilogue_work;
  const bool fits = group.open && !repeats && group.region == node.region &&
                    group.space == node.space && group.size == size &&
                    group.level == fusion.level[id] && group.steps < max_group_steps &&
                    group.places + places.added(fusion, id, latest) <= max_group_places;
  return fits ? latest : -1;
}

constexpr void mark_stored(Fusion& fusion, const ir::Graph& graph, const Sources& sources) {
  for (int id = 0, size = graph.size(); id < size; ++id) fusion.stored[id] = false;
  for (int id = 0, size = graph.size(); id < size; ++id) {
    if (sources.is_view_at(id)) continue;  // read through
    const ir::Operands read = graph[id].operand;
    for (int i = 0; i < ir::max_operands && read.elements[i] >= 0; ++i) {
      const int from = sources[read.elements[i]].node;
      if (fusion.group[from] >= 0 && fusion.group[from] != fusion.group[id])
        fusion.stored[from] = true;
    }
  }
}

// A cheap node that only one later group reads moves there, when what it reads is in memory anyway:
// a comparison with a stored activation is not worth storing itself.
constexpr void move_to_readers(Fusion& fusion, const ir::Graph& graph, const Sources& sources) {
  // The one group that reads a node, + 1; 0: none yet, -1: several.
  std::int16_t only_reader[max_nodes]{};
  for (int id = graph.size() - 1; id >= 0; --id) {
    const ir::Node& node = graph[id];
    const bool elementwise = is_elementwise(node.op) && !node.across;
    const int home = fusion.group[id], reader = only_reader[id] - 1;
    bool moves = elementwise && home >= 0 && reader > home;
    if (moves) {
      const Group &from = fusion.groups[home], &to = fusion.groups[reader];
      moves = to.open && to.region == from.region && to.space == from.space &&
              to.size == from.size && to.level == from.level && to.steps < max_group_steps &&
              to.places + node.operands() - 1 <= max_group_places &&
              (to.anchor < 0 || to.work + work_of(node.op) <= max_epilogue_work) &&
              (from.steps > 1 || from.anchor >= 0);
      for (int i = 0; i < node.operands() && moves; ++i) {
        const int source = sources.operand(node, i).node;
        moves = fusion.group[source] < 0 || fusion.stored[source];
      }
    }
    if (moves) {
      --fusion.groups[home].steps;
      ++fusion.groups[reader].steps;
      fusion.groups[reader].work = std::int16_t(fusion.groups[reader].work + work_of(node.op));
      fusion.groups[reader].places =
          std::int16_t(fusion.groups[reader].places + node.operands() - 1);
      fusion.group[id] = std::int16_t(reader);
    }
    if (sources.is_view_at(id)) continue;
    for (int i = 0, count = node.operands(); i < count; ++i) {
      const Source& source = sources.operand(node, i);
      const int by = elementwise && source.full(node.shape.size()) ? fusion.group[id] + 1 : -1;
      std::int16_t& only = only_reader[source.node];
      only = only == 0 || only == by ? std::int16_t(by) : std::int16_t(-1);
    }
  }
}

// A group without an anchor that only one later group reads, element by element, becomes part of
// it: a solver's moments and the weights that they move are one pass over memory. Post: true when
// some did. What they read may then have one reader, too.
constexpr bool merge_into_readers(Fusion& fusion, const ir::Graph& graph, const Sources& sources) {
  bool any = false;
  const int groups = fusion.groups.size();
  // Of groups; the reader is -1: none yet, -2: several.
  std::int16_t reader[max_nodes]{}, becomes[max_nodes]{};
  for (int g = 0; g < groups; ++g) reader[g] = -1, becomes[g] = std::int16_t(g);
  for (int id = 0, size = graph.size(); id < size; ++id) {
    const ir::Node& node = graph[id];
    if (sources.is_view_at(id) || is_sink(node.op)) continue;
    const int to = fusion.group[id];
    for (int i = 0; i < ir::max_operands && node.operand.elements[i] >= 0; ++i) {
      const Source& source = sources.operand(node, i);
      const int from = fusion.group[source.node];
      if (from < 0 || from == to) continue;
      const bool by_element =
          is_elementwise(node.op) && !node.across && source.full(node.shape.size());
      reader[from] = by_element && (reader[from] == -1 || reader[from] == to) ? std::int16_t(to)
                                                                              : std::int16_t(-2);
    }
  }
  for (int g = groups - 1; g >= 0; --g) {
    if (reader[g] < 0) continue;
    const int into = becomes[reader[g]];
    Group &from = fusion.groups[g], &to = fusion.groups[into];
    if (from.anchor >= 0 || from.steps == 0 || !to.open || to.region != from.region ||
        to.space != from.space || to.size != from.size || to.level != from.level ||
        to.steps + from.steps > max_group_steps || to.places + from.places > max_group_places ||
        (to.anchor >= 0 && to.work + from.work > max_epilogue_work))
      continue;
    to.steps = std::int16_t(to.steps + from.steps);
    to.places = std::int16_t(to.places + from.places);
    to.work = std::int16_t(to.work + from.work);
    from.steps = 0;
    becomes[g] = std::int16_t(into);
    any = true;
  }
  for (int id = 0, size = any ? graph.size() : 0; id < size; ++id)
    if (fusion.group[id] >= 0) fusion.group[id] = becomes[fusion.group[id]];
  return any;
}

}  // namespace fusing

// What a kernel that sums across samples leaves: parts, which others add up, or the sums
// themselves, which may be handed on like any result, and read by the next kernel.
enum class Sums : std::uint8_t { in_parts, whole };

// Groups as they grow along the graph, each node in the latest one that it can join.
// `takes_epilogue(graph, node)`: the backend's kernel of this node hands its results on, element by
// element. Without `fuses`, each node is a group of its own.
template <class TakesEpilogue>
constexpr Fusion grow_groups(const ir::Graph& graph, const Sources& sources,
                             TakesEpilogue takes_epilogue, bool fuses = true,
                             Sums sums = Sums::in_parts) {
  Fusion fusion;
  fusing::Places places(graph, sources);
  for (int id = 0, size = graph.size(); id < size; ++id) {
    const ir::Node& node = graph[id];
    fusion.group[id] = -1;
    if (sums == Sums::whole)
      fusion.level[id] = 0;
    else if (node.region == 0)
      fusion.level[id] = std::int16_t(fusing::level_of(fusion, graph, node));
    else if (id == 0 || graph[id - 1].region != node.region)
      fusing::find_loop_level(fusion, graph, id);
    if (!is_computed(graph, sources, id)) continue;
    const bool elementwise = is_elementwise(node.op) && !node.across;
    int group = elementwise && fuses ? fusing::joinable(fusion, graph, sources, places, id) : -1;
    if (group < 0)
      group = fusion.groups.push_back(
          {.anchor = std::int16_t(elementwise ? -1 : id),
           .level = fusion.level[id],
           .region = node.region,
           .open = elementwise || takes_epilogue(graph, node),
           .space = node.across && sums == Sums::in_parts ? ir::Space::per_sample : node.space,
           .size = node.shape.size()});
    places.join(fusion, id, group);
    if (elementwise) {
      ++fusion.groups[group].steps;
      fusion.groups[group].work = std::int16_t(fusion.groups[group].work + work_of(node.op));
    }
    fusion.group[id] = std::int16_t(group);
  }
  fusing::mark_stored(fusion, graph, sources);
  return fusion;
}

// Grown groups, better divided: cheap nodes where they are read, passes over the same memory in
// one. Post: `stored`, `first` and `next` say what is in memory and who belongs to whom.
constexpr Fusion settle_groups(Fusion fusion, const ir::Graph& graph, const Sources& sources,
                               bool fuses = true) {
  if (fuses) {
    fusing::move_to_readers(fusion, graph, sources);
    while (fusing::merge_into_readers(fusion, graph, sources)) {
    }
  }
  fusing::mark_stored(fusion, graph, sources);
  for (int g = 0; g < fusion.groups.size(); ++g) fusion.first[g] = -1;
  for (int id = graph.size() - 1; id >= 0; --id) {
    const int g = fusion.group[id];
    if (g < 0) continue;
    fusion.next[id] = fusion.first[g];
    fusion.first[g] = std::int16_t(id);
  }
  return fusion;
}

}  // namespace tg::passes
