// Evaluates graphs node by node with the reference: first values, and where a NaN came from.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/runtime/interpret_loop.hpp"

namespace tg::runtime {

// Post: result[id] has the numbers of nodes[id]: its elements, sample after sample when they are
// per sample.
[[gnu::cold]] inline HeapArray<HeapArray<double>> interpret(const Interpreted& what) {
  HeapArray<HeapArray<double>> values(what.nodes.size());
  for (std::size_t id = 0; id < values.size();) {
    if (what.nodes[id].region != 0) {
      InterpretedLoop loop(what, id, values);
      loop.run();
      id = loop.end_of_body();
    } else {
      if (!leaves_loop(what.nodes[id].op))
        values[id] = interpret_node(what, what.nodes[id], values);
      ++id;
    }
  }
  return values;
}

}  // namespace tg::runtime
