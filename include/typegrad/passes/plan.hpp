// Memory by lifetime: values that never live together share a place.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/rewrite.hpp"

namespace tg::passes {

// Gives out offsets in one arena, in the order in which values begin to live. First fit; offsets in
// elements.
class Arena {
 public:
  constexpr explicit Arena(int alignment) : align(alignment) {}

  // A place for `size` elements from step `begin` to step `end`, both included. Pre: begin never
  // decreases.
  constexpr int place(int size, int begin, int end) {
    size = (size + align - 1) / align * align;
    int kept = 0;
    for (int i = 0; i < live.size(); ++i)
      if (live[i].end >= begin) live[kept++] = live[i];
    while (live.size() > kept) live.pop_back();
    int offset = 0, at = 0;
    for (; at < live.size() && live[at].offset - offset < size; ++at)
      offset = live[at].offset + live[at].size;
    live.push_back({});
    for (int i = live.size() - 1; i > at; --i) live[i] = live[i - 1];
    live[at] = {offset, size, end};
    if (offset + size > high) high = offset + size;
    return offset;
  }

  constexpr int size() const { return high; }

 private:
  struct Block {
    int offset = 0, size = 0, end = 0;
  };
  FixedVector<Block, max_nodes> live;  // sorted by offset, none overlapping
  int align, high = 0;
};

}  // namespace tg::passes
