// What recording a definition yields: the graph, its leaves' names, who made what.
// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

#include "typegrad/graph/builder.hpp"

namespace tg {

// What an argument is where a call leaves it out, all of its numbers: tg::otherwise(0.5).
struct Otherwise {
  double value = 0;
  bool exists = false;

  constexpr bool is_whole() const {
    return value > -9e15 && value < 9e15 && value == double((long long)value);
  }
  constexpr bool operator==(const Otherwise&) const = default;
};
constexpr Otherwise otherwise(double value) { return {value, true}; }

namespace ir {

// One level of "3.0.weight": a layer's index or a name, inside another level.
struct ScopeEntry {
  std::int16_t parent = -1;
  std::int16_t index = -1;      // the layer's number in its Sequence, or -1
  const char* name = "";        // when it has no number
  std::int16_t first_leaf = 0;  // no earlier leaf is in this level
  // Of a level that is a layer; others only give a name.
  const char* type = nullptr;                 // a text in which the compiler spells the layer
  std::int16_t first_node = 0, end_node = 0;  // what it recorded
  std::int16_t result = -1;                   // the node that it gives

  constexpr bool is_layer() const { return type != nullptr; }
};

// One place of a tg::Tied: parameters of all places with this name are shared.
struct TiePlace {
  const char* name = "";
  std::int16_t scope = -1;  // where the place begins
};

// Reads a run-time number from an aggregate that is known by the address of its type's tag.
using SettingReader = double (*)(const void* aggregate);

// What a leaf is beyond its node; the node's attributes[0] is its index here.
struct Leaf {
  std::int16_t node = -1;
  std::int16_t scope = -1;
  std::int16_t initial =
      -1;  // parameters and states: the node of the first value, when recorded for that
  std::int16_t update = -1;  // the node that changes it
  std::int16_t tie = -1;     // the place of a tie that it was declared in: an index of ties
  bool frozen = false;       // a state that is a parameter elsewhere
  const char* name = "";
  Otherwise otherwise{};            // inputs, labels, arguments
  std::uint64_t setting = 0;        // settings: which member of which aggregate
  const void* aggregate = nullptr;  // settings: which aggregate, and how to read it
  SettingReader read = nullptr;
};

// What takes the place of an input: tg::Scope::given.
struct Given {
  const char* name = "";
  std::int16_t scope = -1;  // where such an input would be
  std::int16_t node = -1;   // what it is instead
};

// What a symbol is called: tg::Scope::named.
struct SymbolName {
  std::int16_t node = -1;
  const char* name = "";
};

// The address of a type, as a constant: tells aggregates apart.
template <class T>
inline constexpr char type_tag = 0;

// A text that ends with "Type = …]", as the compiler spells it; views/spelling.hpp reads it.
template <class Type>
constexpr const char* type_text() {
  return __PRETTY_FUNCTION__;
}

inline constexpr int max_leaves = TYPEGRAD_MAX_NODES / 4;
inline constexpr int max_scopes = TYPEGRAD_MAX_NODES / 4;
inline constexpr int max_ties = TYPEGRAD_MAX_NODES / 32;
inline constexpr int max_givens = TYPEGRAD_MAX_NODES / 64;
inline constexpr int max_symbol_names = TYPEGRAD_MAX_NODES / 8;

struct Recording {
  Builder builder{};
  FixedVector<Leaf, max_leaves> leaves;
  FixedVector<ScopeEntry, max_scopes> scopes;
  FixedVector<TiePlace, max_ties> ties;
  FixedVector<Given, max_givens> givens;
  FixedVector<SymbolName, max_symbol_names> names;
  int minimum_samples = 1;  // a call with fewer is a tg::Error

  constexpr const Graph& graph() const { return builder.graph; }
  constexpr const Places& places() const { return builder.places; }
  constexpr const Fault& fault() const { return builder.graph.fault; }
  constexpr void fail(const Fault& what,
                      const std::source_location& at = std::source_location::current()) {
    builder.note(at);
    builder.fail(what);
  }
};

}  // namespace ir
}  // namespace tg
