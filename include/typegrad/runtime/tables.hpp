// What run time knows of a recording's leaves, as exact-sized constants.
// SPDX-License-Identifier: MIT
#pragma once
#include <span>
#include <string_view>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/graph/name.hpp"

namespace tg::runtime {

struct LeafInfo {
  Op op{};
  DType dtype{};
  Shape shape{};
  std::int16_t initial = -1;  // the node of its first value, in the initial recording
  std::int32_t name_begin = 0, name_length = 0;  // in the recording's text of names
  std::uint64_t hash = 0;                        // of its name
  const void* aggregate = nullptr;               // settings
  ir::SettingReader read = nullptr;

  constexpr bool stored() const { return op == Op::parameter || op == Op::state; }
};

// Functions of a recording, not of its type: nvcc's front end never forgets a constant that a
// template reads.
constexpr int length_of_names(const ir::Recording& recording) {
  int length = 0;
  for (int i = 0; i < recording.leaves.size(); ++i)
    ir::spell_name(recording, i, [&](std::string_view piece) { length += int(piece.size()); });
  return length;
}
template <int Length>
constexpr auto text_of_names(const ir::Recording& recording) {
  std::array<char, Length + 1> result{};
  int at = 0;
  for (int i = 0; i < recording.leaves.size(); ++i)
    ir::spell_name(recording, i, [&](std::string_view piece) {
      for (char c : piece) result[at++] = c;
    });
  return result;
}
template <int Count>
constexpr auto infos_of_leaves(const ir::Recording& recording) {
  std::array<LeafInfo, Count> result{};
  int at = 0;
  for (int i = 0; i < Count; ++i) {
    const ir::Leaf& leaf = recording.leaves[i];
    const ir::Node& node = recording.graph()[leaf.node];
    LeafInfo& info = result[i];
    info = {
        node.op,        node.dtype, node.shape, leaf.initial, at, 0, ir::hash_of_name(recording, i),
        leaf.aggregate, leaf.read};
    ir::spell_name(recording, i,
                   [&](std::string_view piece) { info.name_length += int(piece.size()); });
    at += info.name_length;
  }
  return result;
}

// Exact-sized copies of a recording's leaves and names. `R::recording` is it.
template <class R>
struct LeafTable {
  static constexpr int count = R::recording.leaves.size();
  static constexpr int text_length = length_of_names(R::recording);
  static constexpr auto text() { return text_of_names<text_length>(R::recording); }
  static constexpr auto leaves() { return infos_of_leaves<count>(R::recording); }
  static constexpr auto nodes() {
    return ir::exact_nodes<R::recording.graph().size()>(R::recording.graph());
  }
};

// The same without its type.
struct Leaves {
  std::span<const LeafInfo> infos;
  const char* text = nullptr;

  constexpr std::string_view name(std::size_t leaf) const {
    return {text + infos[leaf].name_begin, std::size_t(infos[leaf].name_length)};
  }
};

// Of the leaves' names: random numbers are keyed by them.
[[gnu::cold]] inline HeapArray<std::uint64_t> hashes_of(const Leaves& leaves) {
  HeapArray<std::uint64_t> hashes(leaves.infos.size());
  for (std::size_t leaf = 0; leaf < hashes.size(); ++leaf) hashes[leaf] = leaves.infos[leaf].hash;
  return hashes;
}

template <std::size_t Count>
constexpr auto copy_scopes(const ir::Recording& recording) {
  std::array<ir::ScopeEntry, Count> table{};
  for (int i = 0; i < int(Count); ++i) {
    ir::ScopeEntry& entry = table[std::size_t(i)];
    entry = recording.scopes[i];
    entry.type = nullptr;
  }
  return table;
}
// The scopes of a recording, exact-sized, without their types' spellings.
template <class R>
constexpr auto scope_table() {
  return copy_scopes<std::size_t(R::recording.scopes.size())>(R::recording);
}

template <std::size_t Count>
constexpr auto copy_places(const ir::Recording& recording) {
  std::array<ir::Place, Count> table{};
  for (int i = 0; i < int(Count); ++i) table[std::size_t(i)] = recording.places()[i];
  return table;
}
// The lines of a recording, exact-sized: what nodes' `place` means.
template <class R>
constexpr auto place_table() {
  return copy_places<std::size_t(R::recording.places().size())>(R::recording);
}

}  // namespace tg::runtime
