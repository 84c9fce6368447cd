// The full names of leaves: "3.0.weight".
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/random.hpp"
#include "typegrad/graph/recording.hpp"

namespace tg::ir {

// put(text) for one piece of the name after the other, so that nobody needs memory for all of it.
template <class Put>
constexpr void spell_name(const Recording& recording, int leaf, Put put) {
  int depth = 0;
  for (int scope = recording.leaves[leaf].scope; scope >= 0; scope = recording.scopes[scope].parent)
    ++depth;
  for (; depth > 0; --depth) {
    int scope = recording.leaves[leaf].scope;
    for (int above = 1; above < depth; ++above) scope = recording.scopes[scope].parent;
    const ScopeEntry& entry = recording.scopes[scope];
    char digits[6]{};
    int first = 6;
    for (int rest = entry.index; rest > 0 || (rest == 0 && first == 6); rest /= 10)
      digits[--first] = char('0' + rest % 10);
    put(entry.index < 0 ? std::string_view(entry.name)
                        : std::string_view(digits + first, std::size_t(6 - first)));
    put(std::string_view("."));
  }
  put(std::string_view(recording.leaves[leaf].name));
}

constexpr std::uint64_t hash_of_name(const Recording& recording, int leaf) {
  std::uint64_t value = hash("");
  spell_name(recording, leaf, [&](std::string_view piece) { value = hash(piece, value); });
  return value;
}

constexpr bool has_name(const Recording& recording, int leaf, std::string_view name) {
  bool equal = true;
  spell_name(recording, leaf, [&](std::string_view piece) {
    equal = equal && name.substr(0, piece.size()) == piece;
    if (equal) name.remove_prefix(piece.size());
  });
  return equal && name.empty();
}

// The leaf of that name, an index into recording.leaves; or -1. Settings have no name.
constexpr int leaf_named(const Recording& recording, std::string_view name) {
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf)
    if (recording.leaves[leaf].setting == 0 && has_name(recording, leaf, name)) return leaf;
  return -1;
}

}  // namespace tg::ir
