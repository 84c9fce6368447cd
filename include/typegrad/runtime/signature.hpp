// What a call of a function takes and gives, and what it keeps: asked of its recording.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/core/error/functions.hpp"
#include "typegrad/graph/indices.hpp"
#include "typegrad/graph/loop.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// A leaf that the caller gives: an input, a label, an argument.
struct Argument {
  int leaf = -1;
  Op op{};
  DType dtype{};
  Shape shape{};
  int among = std::numeric_limits<int>::max();  // integers are 0 … among-1
  ir::Place chooses{};                          // what they choose from so many is written there
  Otherwise otherwise{};                        // what it is where a call leaves it out

  constexpr bool per_sample() const { return op != Op::argument; }
};

// One of the results.
struct Result {
  Shape shape{};
  DType dtype{};
  bool per_sample = false;
};

constexpr bool is_given(Op op) { return op == Op::input || op == Op::label || op == Op::argument; }

// Every node that an output or an update depends on.
constexpr void mark_needed(const ir::Graph& graph, FixedVector<bool, TYPEGRAD_MAX_NODES>& needed) {
  for (const ir::Node& node : graph.nodes) needed.push_back(is_sink(node.op));
  ir::mark_needed(graph, needed);
}

// Calls with each argument, in the order in which the definition declares them. What only pruned
// nodes read is none.
template <class Visit>
constexpr void each_argument(const ir::Recording& recording, Visit visit) {
  FixedVector<bool, TYPEGRAD_MAX_NODES> needed;
  mark_needed(recording.graph(), needed);
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf) {
    const int id = recording.leaves[leaf].node;
    const ir::Node& node = recording.graph()[id];
    if (!is_given(node.op) || !needed[id]) continue;
    Argument argument{leaf, node.op, node.dtype, node.shape};
    argument.otherwise = recording.leaves[leaf].otherwise;
    if (!is_floating(node.dtype)) {
      const ir::NarrowestChoice choice = ir::narrowest_choice(recording.graph(), id);
      argument.among = choice.among;
      const int place = choice.node < 0 ? -1 : recording.graph()[choice.node].place;
      if (place >= 0) argument.chooses = recording.places()[place];
    }
    visit(argument);
  }
}

// The first leaf of the caller's that no node reads; -1 when there is none.
constexpr int unread_leaf(const ir::Recording& recording) {
  FixedVector<bool, TYPEGRAD_MAX_NODES> read;
  read.resize(recording.graph().size());
  for (const ir::Node& node : recording.graph().nodes)
    for (std::int16_t operand : node.operand)
      if (operand >= 0) read[operand] = true;
  for (int leaf = 0; leaf < recording.leaves.size(); ++leaf) {
    const int id = recording.leaves[leaf].node;
    if (is_given(recording.graph()[id].op) && !read[id]) return leaf;
  }
  return -1;
}

// Of `R::recording`.
template <class R>
struct Signature {
  static constexpr int argument_count = [] {
    int count = 0;
    each_argument(R::recording, [&](const Argument&) { ++count; });
    return count;
  }();
  static constexpr auto arguments = [] {
    std::array<Argument, argument_count> result{};
    int next = 0;
    each_argument(R::recording, [&](const Argument& argument) { result[next++] = argument; });
    return result;
  }();
  // A call gives at least so many: those after them have a value of their own.
  static constexpr int required_count = [] {
    int count = argument_count;
    while (count > 0 && arguments[std::size_t(count - 1)].otherwise.exists) --count;
    return count;
  }();
  static constexpr int result_count = [] {
    int count = 0;
    for (const ir::Node& node : R::recording.graph().nodes) count += node.op == Op::output;
    return count;
  }();
  static constexpr auto results = [] {
    std::array<Result, result_count> found{};
    for (const ir::Node& node : R::recording.graph().nodes)
      if (node.op == Op::output)
        found[node.attributes[0]] = {node.shape, node.dtype, node.space == ir::Space::per_sample};
    return found;
  }();

  // The name of a leaf, in words.
  template <int Leaf>
  static consteval auto name() {
    return fixed_text([](auto put) { ir::spell_name(R::recording, Leaf, put); });
  }
  static consteval auto spell_arguments() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      return std::type_identity<error::takes<name<arguments[I].leaf>()...>>{};
    }
    (std::make_index_sequence<std::size_t(argument_count)>{});
  }
  using Takes = typename decltype(spell_arguments())::type;

  // True; an input that nobody reads is an error. Error: unused_input.
  static consteval bool every_input_is_read() {
    constexpr int unread = unread_leaf(R::recording);
    if constexpr (unread >= 0) error::raise<error::unused_input<error::name<name<unread>()>>>();
    return true;
  }
};

}  // namespace tg::runtime
