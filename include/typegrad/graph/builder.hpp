// Appends nodes to a graph; a node that is there already is found by its hash and not made again.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>

#include "typegrad/graph/node.hpp"
#include "typegrad/graph/place.hpp"

namespace tg::ir {

class Builder {
 public:
  Graph graph{};
  std::int16_t scope = -1;  // who is recording now: new nodes are theirs
  bool in_loop = false;     // the body of a loop is being recorded
  // The user's line that is recorded now: new nodes are of it. Passes note none: what they make of
  // a node is of its line.
  std::int16_t place = -1;
  bool notes_places = false;
  Places places;

  // Post: the id of a node equal to `node`, the earliest there is. When the graph is full, the last
  // id, and a fault.
  constexpr int append(Node node) {
    if (node.place < 0) node.place = place;
    if (graph.regions > 0) node.region = region_of(node);
    auto& [first, second, third] = node.operand.elements;
    if (first > second && second >= 0 && is_commutative(node.op)) {
      const std::int16_t larger = first;
      first = second, second = larger;
    }
    if (is_unique(node.op) || is_sink(node.op)) return push(node);
    std::int16_t& newest = bucket[hash(node) % buckets];
    for (int id = newest - 1; id >= 0; id = older[id] - 1)
      if (graph[id].same_as(node)) return id;
    const int id = push(node);
    if (graph.fault) return id;
    older[id] = newest;
    newest = std::int16_t(id + 1);
    return id;
  }
  // A function of symbols is called from there.
  constexpr void note(const std::source_location& at) {
    if (notes_places) place = places.index_of(at, place);
  }
  // The number of a loop that is there from now on.
  constexpr int new_region() { return ++graph.regions; }
  // Notes a fault; only the first one counts.
  constexpr void fail(Fault what) {
    if (graph.fault) return;
    graph.fault = what;
    if (what.scope < 0) graph.fault.scope = scope;
    if (what.place < 0) graph.fault.place = place;
  }

 private:
  // Like its space, the region of a node follows from its operands: the body that one of them is
  // in. What does not depend on a loop is so outside of it.
  constexpr std::int16_t region_of(const Node& node) const {
    if (kind_of(node.op) == Kind::loop) {
      if (enters_loop(node.op)) return node.region;
      if (leaves_loop(node.op)) return 0;
    }
    for (int i = 0; i < max_operands && node.operand.elements[i] >= 0; ++i)
      if (const std::int16_t region = graph[node.operand.elements[i]].region; region != 0)
        return region;
    return 0;
  }
  // Few: what an evaluation touches is what it costs.
  static constexpr unsigned buckets = 1024;

  // One sum of multiples by large primes: a step of a loop costs a compiler as much as three terms.
  static constexpr unsigned hash(const Node& node) {
    const auto& read = node.operand.elements;
    unsigned h = unsigned(node.op) * 2654435761u + unsigned(read[0]) * 2246822519u +
                 unsigned(read[1]) * 3266489917u + unsigned(read[2]) * 668265263u +
                 unsigned(node.attributes.elements[0]) * 374761393u +
                 unsigned(node.across) * 16777619u + unsigned(node.shape[0]) * 2166136261u;
    if (node.op == Op::constant) {
      const auto bits = std::bit_cast<std::uint64_t>(node.value);
      h += (unsigned(bits) ^ unsigned(bits >> 32)) * 2246822519u;
    }
    return h ^ (h >> 15);
  }
  constexpr int push(const Node& node) {
    if (graph.nodes.count == Graph::room) {
      fail({.kind = FaultKind::too_many_nodes, .numbers = {TYPEGRAD_MAX_NODES}});
      return graph.size() - 1;
    }
    return graph.nodes.push_back(node);
  }

  // Nodes of equal hash hang together, the newest first: its id + 1, and of each node the older
  // one's.
  std::int16_t bucket[buckets]{};
  std::int16_t older[TYPEGRAD_MAX_NODES]{};
};

}  // namespace tg::ir
