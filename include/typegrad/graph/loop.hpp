// The operations of a loop: how its body reads sequences, carries values, and what it leaves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/tensor.hpp"

namespace tg::ir {

// The body of a loop is the nodes of one region. It runs `steps` times; in step s
//   element   is row `row(s)` of a sequence (rows, …),
//   carry     is its operand in step 0, then what its `next` said in the step before,
// and after the last step
//   collect   is what a value of the body was in every step: (steps, …),
//   last      is what a carry would be in the next one.
// A loop reads nothing that depends on its own collect or last.

// How many steps, and in which order they visit rows: from `begin` on, or back to it.
struct RowRange {
  int steps = 1, begin = 0;
  bool reversed = false;

  constexpr Attributes attributes() const {
    using A = std::int16_t;
    return {A(steps), A(begin), A(reversed)};
  }
  static constexpr RowRange of(const Attributes& a) { return {a[0], a[1], a[2] != 0}; }
  constexpr int row(int step) const { return begin + (reversed ? steps - 1 - step : step); }
  constexpr RowRange flipped() const { return {steps, begin, !reversed}; }
};

// What a loop's carry says beside its first value.
struct CarryRow {
  int steps = 1;
  int index = 0;            // tells the carries of a loop apart
  int truncated = 0;        // the gradient goes back so many steps; 0: all
  bool recomputed = false;  // the gradient computes the body again instead of keeping its values

  constexpr Attributes attributes() const {
    using A = std::int16_t;
    return {A(steps), A(index), A(truncated), A(recomputed)};
  }
  static constexpr CarryRow of(const Attributes& a) { return {a[0], a[1], a[2], a[3] != 0}; }
};

constexpr Shape row_shape(const Shape& rows) { return without_axes(rows, 1); }
constexpr Shape rows_shape(int count, const Shape& row) {
  Shape shape{count};
  for (int axis = 0; axis < row.rank(); ++axis) shape.append(row[axis]);
  return shape;
}

// Pre: the rows that the range visits exist.
constexpr Var element(int region, Var sequence, const RowRange& range) {
  Builder* r = sequence.builder();
  const Node node{.op = Op::element,
                  .dtype = sequence.dtype(),
                  .space = sequence.node().space,
                  .scope = r->scope,
                  .region = std::int16_t(region),
                  .operand = operands(sequence),
                  .attributes = range.attributes(),
                  .shape = row_shape(sequence.shape())};
  return {r, r->append(node)};
}

// Its space is that of the values that follow: `first` may be shared where they are per sample.
constexpr Var carry(int region, Var first, Space space, const CarryRow& row) {
  Builder* r = first.builder();
  const Node node{.op = Op::carry,
                  .dtype = first.dtype(),
                  .space = space,
                  .scope = r->scope,
                  .region = std::int16_t(region),
                  .operand = operands(first),
                  .attributes = row.attributes(),
                  .shape = first.shape()};
  return {r, r->append(node)};
}

// x, per sample where `like` is, which has its shape and dtype.
constexpr Var in_space_of(Var like, Var x) {
  return like.per_sample() && !x.per_sample() ? select(like, x, x) : x;
}

// Pre: the shapes and dtypes are the same; the value is per sample only where the carry is.
constexpr Var next(Var carry, Var value) {
  return emit(carry.builder(), Op::next, carry.shape(), carry.dtype(),
              operands(carry, in_space_of(carry, value)));
}

// (steps, …), in the order of the steps or reversed. What does not depend on the loop is repeated.
constexpr Var collect(Var value, int steps, bool reversed) {
  const Shape shape = rows_shape(steps, value.shape());
  if (value.node().region == 0) return broadcast(value, shape);
  return emit(value.builder(), Op::collect, shape, value.dtype(), operands(value),
              RowRange{steps, 0, reversed}.attributes());
}

constexpr Var last(Var next) {
  return emit(next.builder(), Op::last, next.shape(), next.dtype(), operands(next));
}

// Marks what the marked nodes are computed from: their operands, and where one is a carry, what is
// carried. `Flags` are bools, one per node.
template <class Flags>
constexpr void mark_needed(const Graph& graph, Flags& needed) {
  FixedVector<std::int16_t, TYPEGRAD_MAX_NODES> nexts;
  for (int id = 0, size = graph.regions > 0 ? graph.size() : 0; id < size; ++id)
    if (graph[id].op == Op::next) nexts.push_back(std::int16_t(id));
  for (int latest = graph.size() - 1; latest >= 0;) {
    for (int id = latest; id >= 0; --id) {
      if (!needed[id]) continue;
      const Operands read = graph[id].operand;
      for (int i = 0; i < max_operands && read.elements[i] >= 0; ++i)
        needed[read.elements[i]] = true;
    }
    latest = -1;
    for (const std::int16_t next : nexts) {
      if (needed[next] || !needed[graph[next].operand[0]]) continue;
      needed[next] = true;
      latest = next;
    }
  }
}

// How many steps the loop of an element, a carry or a collect takes; of other nodes 0.
constexpr int steps_of(const Node& node) {
  return enters_loop(node.op) || node.op == Op::collect ? node.attributes[0] : 0;
}

// How often the nodes of a region run: 1 outside of loops.
template <int Room>
constexpr int repeats_of(const GraphOf<Room>& graph, int region) {
  for (const Node& node : graph.nodes)
    if (region != 0 && node.region == region && steps_of(node) > 0) return steps_of(node);
  return 1;
}

}  // namespace tg::ir
