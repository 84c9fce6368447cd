// The parameters and states of a recording: what they are and where they lie.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/recording.hpp"

namespace tg::networks {

// One parameter or state. Those of one op and dtype lie side by side, without gaps: an arena.
struct ParameterEntry {
  std::int16_t leaf = -1;  // its index in Recording::leaves
  Op op = Op::parameter;   // or Op::state
  DType dtype = DType::f32;
  Shape shape{};
  std::int64_t offset = 0;  // elements before it in its arena

  // The end of the arena up to and with this entry.
  constexpr std::int64_t end() const { return offset + shape.size(); }
};

using ParameterTable = FixedVector<ParameterEntry, ir::max_leaves>;

// In the order of their declaration, which is PyTorch's order of state_dict within a layer.
constexpr ParameterTable parameter_table(const ir::Recording& recording) {
  ParameterTable table;
  std::int64_t ends[2][8]{};  // of each op and dtype
  for (int i = 0; i < recording.leaves.size(); ++i) {
    const ir::Node& node = recording.graph()[recording.leaves[i].node];
    if (node.op != Op::parameter && node.op != Op::state) continue;
    std::int64_t& end = ends[node.op == Op::state][int(node.dtype)];
    table.push_back({std::int16_t(i), node.op, node.dtype, node.shape, end});
    end += node.shape.size();
  }
  return table;
}

// How many elements all entries of one op and dtype have.
constexpr std::int64_t arena_size(const ParameterTable& table, Op op, DType dtype) {
  std::int64_t size = 0;
  for (const ParameterEntry& entry : table)
    if (entry.op == op && entry.dtype == dtype) size = entry.end();
  return size;
}

}  // namespace tg::networks
