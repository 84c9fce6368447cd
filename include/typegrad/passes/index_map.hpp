// Which element of a stored value an element of a reshaped, broadcast or cut out one is.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/graph/range.hpp"

namespace tg::passes {

// Element e reads element offset + (e / inner) % extent, and in a loop `step` more with each step.
struct IndexMap {
  int inner = 1, extent = 1, offset = 0, step = 0;
  constexpr bool operator==(const IndexMap&) const = default;
};

// A value that is in memory (or a leaf), and how it is read.
struct Source {
  int node = -1;
  IndexMap map{};
  int elements = 0;  // of the stored value

  // `size` elements once, in order: from a place on that the offset says.
  constexpr bool in_order(int size) const { return map.inner == 1 && map.extent == size; }
  // The same, and there are no others.
  constexpr bool full(int size) const { return in_order(size) && elements == size; }
};

// The map of broadcasting `from` to `to`, when the axes that are not repeated lie together.
constexpr bool broadcast_map(const Shape& from, const Shape& to, IndexMap& map) {
  const int missing = to.rank() - from.rank();
  map = {1, 1};
  bool inside = false, past = false;
  for (int axis = to.rank() - 1; axis >= 0; --axis) {
    const int extent = axis < missing ? 1 : from[axis - missing];
    if (to[axis] == 1) continue;
    if (extent != 1) {
      if (past) return false;
      inside = true;
      map.extent *= extent;
    } else {
      if (inside) past = true;
      if (!inside) map.inner *= to[axis];
    }
  }
  return true;
}

constexpr Source resolve(const ir::Graph& graph, int id);

// Neighbours in memory stay neighbours, when what is cut is so, too.
constexpr bool cuts_in_order(const ir::Graph& graph, const ir::Node& slice) {
  const AxisRange range = AxisRange::of(slice.attributes);
  const Shape& whole = graph[slice.operand[0]].shape;
  return range.step == 1 && whole.product(0, range.axis) == 1 &&
         resolve(graph, slice.operand[0]).in_order(whole.size());
}

// Rows of a sequence that lies in memory in order are parts of it.
constexpr bool has_rows_in_order(const ir::Graph& graph, const ir::Node& element) {
  const Source source = resolve(graph, element.operand[0]);
  return source.in_order(graph[element.operand[0]].shape.size()) &&
         graph[source.node].op != Op::constant;
}

constexpr bool is_view(const ir::Graph& graph, const ir::Node& node) {
  if (node.across) return false;
  if (node.op == Op::element) return has_rows_in_order(graph, node);
  if (node.op == Op::reshape || node.op == Op::stop_gradient || node.op == Op::custom_gradient)
    return true;
  if (node.op == Op::slice) return cuts_in_order(graph, node);
  IndexMap map;
  return node.op == Op::broadcast && broadcast_map(graph[node.operand[0]].shape, node.shape, map);
}

// Follows reshapes, broadcasts and slices down to what is stored. Views of views compose: the inner
// map divides the outer one, offsets add up.
constexpr Source resolve(const ir::Graph& graph, int id) {
  Source source{id, {1, graph[id].shape.size()}, 0};
  while (is_view(graph, graph[source.node])) {
    const ir::Node& node = graph[source.node];
    source.node = node.operand[0];
    if (node.op == Op::slice) {
      const AxisRange range = AxisRange::of(node.attributes);
      source.map.offset += range.begin * AxisExtents::of(node.shape, range.axis).inner;
    }
    if (node.op == Op::element) {
      const auto range = ir::RowRange::of(node.attributes);
      const int row = node.shape.size();
      source.map.offset += range.row(0) * row;
      source.map.step = range.reversed ? -row : row;
    }
    if (node.op != Op::broadcast) continue;
    IndexMap map;
    broadcast_map(graph[source.node].shape, node.shape, map);
    if (map.inner == 1 && map.extent == node.shape.size()) continue;  // nothing is repeated
    const int inner = source.map.inner * map.inner;
    // Reads that repeat only part of the value keep the smaller extent.
    source.map = {map.extent == 1 ? 1 : inner, map.extent, source.map.offset, source.map.step};
  }
  source.elements = graph[source.node].shape.size();
  return source;
}

}  // namespace tg::passes
