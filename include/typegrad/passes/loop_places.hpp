// Memory of loops: rows that steps leave behind, and what they hand to each other.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/loop.hpp"
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// The rows of a value of a body, one after each step. What is carried has one more, from before the
// first step; if nobody collects it, two take turns.
struct LoopRows {
  std::int16_t steps = 0;  // 0: the value lives within its step
  bool carried = false, collected = false, reversed = false;

  constexpr int count() const { return !carried ? steps : collected ? steps + 1 : 2; }
  // Where the value of step 0 lies, and from where on the rows of all steps.
  constexpr int first() const { return reversed ? steps - 1 : behind(); }
  constexpr int behind() const { return carried && !reversed ? 1 : 0; }
  // Where the carry of step 0 lies, and from where on its rows.
  constexpr int initial() const { return reversed ? steps : 0; }
  constexpr int before() const { return reversed ? 1 : 0; }
  // Where the carry lies after the last step.
  constexpr int last() const { return !collected ? steps % 2 : reversed ? 0 : steps; }
  constexpr int stride() const { return reversed ? -1 : 1; }
};

// Pre: of materialise(): every carry's next value, and what is collected, is computed in the body
// and belongs to one carry and one collect at most.
template <int Room>
class LoopPlaces {
 public:
  constexpr explicit LoopPlaces(const ir::GraphOf<Room>& the_graph) : graph(the_graph) {
    if (graph.regions == 0) return;
    for (int id = 0, size = graph.size(); id < size; ++id) {
      const ir::Node& node = graph[id];
      if (node.op != Op::next) continue;
      const int value = node.operand[1], carry = node.operand[0];
      owner[value] = owner[carry] = owner[id] = std::int16_t(value + 1);
      of[value].carried = true;
      of[value].steps = std::int16_t(ir::steps_of(graph[carry]));
    }
    for (int id = 0, size = graph.size(); id < size; ++id) {
      const ir::Node& node = graph[id];
      if (node.op != Op::collect && node.op != Op::last) continue;
      if (owner[node.operand[0]] == 0) owner[node.operand[0]] = std::int16_t(node.operand[0] + 1);
      owner[id] = owner[node.operand[0]];
      if (node.op == Op::last) continue;
      LoopRows& rows = of[owner[id] - 1];
      rows.collected = true;
      rows.steps = std::int16_t(ir::steps_of(node));
      rows.reversed = ir::RowRange::of(node.attributes).reversed;
    }
  }

  // The value whose rows a node reads or writes, or -1 when it is no matter of loops.
  constexpr int value_of(int id) const { return owner[id] - 1; }
  constexpr const LoopRows& rows(int value) const { return of[value]; }

  // Where in the rows of its value a node lies. `place` is a Location that lacks offsets in time,
  // `row` the elements of a row in memory.
  template <class Location>
  constexpr Location locate(int id, Location place, int row) const {
    const LoopRows& mine = of[owner[id] - 1];
    const Op op = graph[id].op;
    const bool collects_carry = op == Op::collect && graph.operand(id, 0).op == Op::carry;
    if (leaves_loop(op)) {
      place.part = row * (op == Op::last   ? mine.last()
                          : collects_carry ? mine.before()
                                           : mine.behind());
      return place;
    }
    const bool carry = op == Op::carry;
    place.alternates = mine.carried && !mine.collected;
    place.part = row * (carry ? mine.initial() : mine.first());
    place.time_stride = row * (place.alternates && !carry ? -1 : mine.stride());
    return place;
  }

 private:
  const ir::GraphOf<Room>& graph;
  PerNode<std::int16_t, Room> owner{};  // value + 1
  PerNode<LoopRows, Room> of{};         // of values
};

}  // namespace tg::passes
