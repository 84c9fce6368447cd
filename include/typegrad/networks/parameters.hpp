// The parameters and states of a recording: their names, shapes and places.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>

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

// Hands the characters of a scope's full name, "3.0", to `put`, the outermost level first.
template <class Put>
constexpr void spell_scope(const ir::Recording& recording, int scope, Put& put) {
  if (scope < 0) return;
  const ir::ScopeEntry& entry = recording.scopes[scope];
  if (entry.parent >= 0) {
    spell_scope(recording, entry.parent, put);
    put('.');
  }
  for (const char* c = entry.name; *c != 0; ++c) put(*c);
  int digit = 1;
  while (entry.index / digit >= 10) digit *= 10;
  for (; entry.index >= 0 && digit > 0; digit /= 10) put(char('0' + entry.index / digit % 10));
}
// And those of a leaf's full name, "3.0.weight".
template <class Put>
constexpr void spell(const ir::Recording& recording, const ir::Leaf& leaf, Put&& put) {
  spell_scope(recording, leaf.scope, put);
  if (leaf.scope >= 0) put('.');
  for (const char* c = leaf.name; *c != 0; ++c) put(*c);
}

inline std::string full_name(const ir::Recording& recording, const ir::Leaf& leaf) {
  std::string result;
  spell(recording, leaf, [&](char c) { result += c; });
  return result;
}
constexpr bool is_named(const ir::Recording& recording, const ir::Leaf& leaf,
                        std::string_view name) {
  std::size_t length = 0;
  bool equal = true;
  spell(recording, leaf,
        [&](char c) { equal = equal && length < name.size() && name[length++] == c; });
  return equal && length == name.size();
}

}  // namespace tg::networks
