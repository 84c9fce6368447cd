// Results as constants: with as much room as they were made with, or as they need.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/node.hpp"

namespace tg::ir {

// g++ and clang evaluate of a graph the nodes that there are, whatever room it has. nvcc's front
// end pays for all of it, some 500 bytes a place, and again in each constant that reads a node:
// there, what is kept as a constant has the room that it needs, and is copied into a Graph where
// one is read. (Who keeps that Graph gives it a name.)
#if defined(__CUDACC__)
inline constexpr bool keeps_exactly = true;
#else
inline constexpr bool keeps_exactly = false;
#endif

// What a function makes of constants, to be kept as one. The function is called here: nvcc's front
// end never forgets what the initialiser of a constant makes itself.
template <class Result, class Make, class... Kept>
constexpr Result keep(Make make, const Kept&... kept) {
  return make(kept...);
}

// The room that the result of a pass is kept with.
template <int Room>
constexpr int room_after(Graph (*pass)(const Graph&), const GraphOf<Room>& graph) {
  if (!keeps_exactly) return Graph::room;
  const int size = pass(graph).size();
  return size > 0 ? size : 1;
}

}  // namespace tg::ir
