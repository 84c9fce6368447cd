// What steps of a loop that are not taken must leave in memory.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/loop_ends.hpp"
#include "typegrad/passes/loop_places.hpp"

namespace tg::passes {

// Whether a product reads the rows of a value of a body.
template <int Room>
constexpr bool rows_are_multiplied(const ir::GraphOf<Room>& graph, const LoopPlaces<Room>& places,
                                   const LoopEnds<Room>& ends, int value) {
  for (int id = 0; id < graph.size(); ++id)
    if (graph[id].op == Op::collect && places.value_of(id) == value) return ends.is_multiplied(id);
  return false;
}

// Calls visit(value, carry) for every value that has rows which a skipped step of the loop must
// write: they become the carry's, or 0 where that is -1.
template <int Room, class Visit>
constexpr void each_idle_row(const ir::GraphOf<Room>& graph, const LoopPlaces<Room>& places,
                             const LoopEnds<Room>& ends, int region, Visit visit) {
  for (int id = 0; id < graph.size(); ++id) {
    if (graph[id].region != region || places.value_of(id) != id) continue;
    const int carry = places.rows(id).carried ? ends.carry_before(id) : -1;
    const Idle idle = ends.idle(id);
    if (carry >= 0 || is_carry(idle))
      visit(id, carry >= 0 ? carry : int(idle));
    else if (idle == Idle::zero || rows_are_multiplied(graph, places, ends, id))
      visit(id, -1);
  }
}

}  // namespace tg::passes
