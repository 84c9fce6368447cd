// Memory by lifetime: values that never live together share a place.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// Gives out offsets in one arena, in the order in which values begin to live. First fit; offsets in
// elements.
class Arena {
 public:
  constexpr Arena() = default;
  constexpr explicit Arena(int alignment) : align(alignment) {}

  // A place for `size` elements from step `begin` to step `end`, both included. Pre: begin never
  // decreases; end < 2 * max_nodes.
  [[gnu::cold]] constexpr int place(int size, int begin, int end) {
    size = (size + align - 1) / align * align;
    for (; now < begin; ++now)
      for (int b = ending[now] - 1; b >= 0; b = blocks[b].next - 1) release(blocks[b]);
    int hole = 0;
    while (hole < holes.size() && holes[hole].size < size) ++hole;
    int offset = high;
    if (hole < holes.size()) {
      offset = holes[hole].offset;
      holes[hole].offset += size;
      holes[hole].size -= size;
      if (holes[hole].size == 0) erase(hole);
    } else {
      // The last hole, if it ends where the arena does, is the beginning of what is needed.
      if (!holes.empty() && holes.back().offset + holes.back().size == high) {
        offset = holes.back().offset;
        holes.pop_back();
      }
      high = offset + size;
    }
    blocks.push_back({offset, size, ending[end]});
    ending[end] = std::int16_t(blocks.size());
    return offset;
  }

  constexpr int size() const { return high; }

 private:
  struct Block {
    int offset = 0, size = 0;
    std::int16_t next = 0;  // another one that ends at the same step, + 1
  };
  struct Hole {
    int offset = 0, size = 0;
  };

  constexpr void release(const Block& block) {
    int after = 0;
    while (after < holes.size() && holes[after].offset < block.offset) ++after;
    const bool joins_before =
        after > 0 && holes[after - 1].offset + holes[after - 1].size == block.offset;
    const bool joins_after =
        after < holes.size() && block.offset + block.size == holes[after].offset;
    if (joins_before && joins_after) {
      holes[after - 1].size += block.size + holes[after].size;
      erase(after);
    } else if (joins_before) {
      holes[after - 1].size += block.size;
    } else if (joins_after) {
      holes[after] = {block.offset, holes[after].size + block.size};
    } else {
      holes.push_back({});
      for (int i = holes.size() - 1; i > after; --i) holes[i] = holes[i - 1];
      holes[after] = {block.offset, block.size};
    }
  }
  constexpr void erase(int hole) {
    for (int i = hole + 1; i < holes.size(); ++i) holes[i - 1] = holes[i];
    holes.pop_back();
  }

  FixedVector<Block, max_nodes> blocks;         // every one there ever was
  FixedVector<Hole, max_nodes> holes;           // sorted by offset, none touching another
  Array<std::int16_t, 2 * max_nodes> ending{};  // the last block that ends at a step, + 1
  int align = 1, high = 0, now = 0;
};

// Whether the update of a variable is made where the variable lies, by its leaf: no step of the
// plan copies it.
template <int Room, class Plan>
constexpr bool updates_in_place(const ir::GraphOf<Room>& graph, const Plan& plan, int leaf) {
  for (const auto& step : plan.steps)
    if (step.kind == decltype(step.kind)::copy && graph[step.node].op == Op::update &&
        graph.operand(step.node, 0).attributes[0] == leaf)
      return false;
  return true;
}

}  // namespace tg::passes
