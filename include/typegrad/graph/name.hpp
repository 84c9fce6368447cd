// The full names of leaves: "3.0.weight".
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/random.hpp"
#include "typegrad/graph/recording.hpp"

namespace tg::ir {

// put(text) for one piece of the name after the other, so that nobody needs memory for all of it.
template <class Put>
constexpr void spell_number(int number, Put put) {
  char digits[10]{};
  int first = 10;
  for (int rest = number; rest > 0 || first == 10; rest /= 10)
    digits[--first] = char('0' + rest % 10);
  put(std::string_view(digits + first, std::size_t(10 - first)));
}
template <class Put>
constexpr void spell_level(const ScopeEntry& level, Put put) {
  if (level.index < 0) return put(std::string_view(level.name));
  spell_number(level.index, put);
}

// "src/net.cpp:31". Of a path longer than `longest` only the last folders, or the file alone.
template <class Put>
constexpr void spell_place(const Place& place, Put put, std::size_t longest = std::size_t(-1)) {
  std::string_view file = place.file;
  while (file.size() > longest && file.find('/') != file.npos)
    file.remove_prefix(file.find('/') + 1);
  put(file);
  put(std::string_view(":"));
  spell_number(place.line, put);
}

// "3.0", the levels around and with `scope`, an index of `scopes`.
template <class Scopes, class Put>
constexpr void spell_scope(const Scopes& scopes, int scope, Put put) {
  if (scope < 0) return;
  const ScopeEntry& level = scopes[static_cast<decltype(scopes.size())>(scope)];
  spell_scope(scopes, level.parent, put);
  if (level.parent >= 0) put(std::string_view("."));
  spell_level(level, put);
}

// "3.0.weight"
template <class Put>
constexpr void spell_name(const Recording& recording, int leaf, Put put) {
  spell_scope(recording.scopes, recording.leaves[leaf].scope, put);
  if (recording.leaves[leaf].scope >= 0) put(std::string_view("."));
  put(std::string_view(recording.leaves[leaf].name));
}

constexpr std::uint64_t hash_of_name(const Recording& recording, int leaf) {
  std::uint64_t value = hash("");
  spell_name(recording, leaf, [&](std::string_view piece) { value = hash(piece, value); });
  return value;
}

// Compares what it is given, piece by piece, with a text.
struct SpellsAs {
  std::string_view rest;
  bool equal = true;

  constexpr void operator()(std::string_view piece) {
    equal = equal && rest.substr(0, piece.size()) == piece;
    if (equal) rest.remove_prefix(piece.size());
  }
  constexpr explicit operator bool() const { return equal && rest.empty(); }
};

constexpr bool has_name(const Recording& recording, int leaf, std::string_view name) {
  SpellsAs same{name};
  spell_name(recording, leaf, [&](std::string_view piece) { same(piece); });
  return bool(same);
}

// Takes the pieces of a name of which only is asked whether there is one.
struct Unsaid {
  constexpr void operator()(std::string_view) const {}
};

// What a symbol is called: a leaf as it was declared, others by Scope::named; a derivative after
// what it is of, "dcost/dW". Nothing, and false, where it has no name.
template <class Put>
constexpr bool spell_symbol(const Recording& recording, int id, Put put) {
  const Node& node = recording.graph()[id];
  for (const SymbolName& symbol : recording.names)
    if (symbol.node == id) return put(std::string_view(symbol.name)), true;
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf)
    if (recording.leaves[leaf].node == id && recording.leaves[leaf].setting == 0)
      return spell_name(recording, leaf, put), true;
  if (node.op != Op::gradient) return false;
  if (!spell_symbol(recording, node.operand[0], Unsaid{}) ||
      !spell_symbol(recording, node.operand[1], Unsaid{}))
    return false;
  put(std::string_view("d"));
  (void)spell_symbol(recording, node.operand[0], put);
  put(std::string_view("/d"));
  return spell_symbol(recording, node.operand[1], put);
}

// The leaf of that name, an index into recording.leaves; or -1. Settings have no name.
constexpr int leaf_named(const Recording& recording, std::string_view name) {
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf)
    if (recording.leaves[leaf].setting == 0 && has_name(recording, leaf, name)) return leaf;
  return -1;
}

// The layer of that name, "branch.0": an index into recording.scopes; or -1.
constexpr int layer_named(const Recording& recording, std::string_view name) {
  for (int scope = 0; scope < recording.scopes.size(); ++scope) {
    if (!recording.scopes[scope].is_layer()) continue;
    SpellsAs same{name};
    spell_scope(recording.scopes, scope, [&](std::string_view piece) { same(piece); });
    if (same) return scope;
  }
  return -1;
}

}  // namespace tg::ir
