// What a caller gives to an evaluation: the values of the graph's leaves, a seed and a step.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/exception.hpp"
#include "typegrad/graph/name.hpp"
#include "typegrad/graph/scope.hpp"

namespace tg::reference {

// Values are not copied: shared ones [element], per-sample ones [sample][element], integers as T as
// well. Leaves that no asked-for value depends on need none.
template <class T>
class Bindings {
 public:
  constexpr explicit Bindings(const ir::Recording& recording, std::uint64_t seed = 0,
                              std::uint64_t step = 0)
      : seed(seed), step(step), recorded(&recording) {}

  std::uint64_t seed, step;  // of the random leaves

  constexpr const ir::Recording& recording() const { return *recorded; }

  // The leaf with this index in the recording.
  constexpr Bindings& set(int leaf, const T* values) {
    given[leaf] = values;
    return *this;
  }
  // The leaf with this full name, "0.weight". Throws Error when there is none.
  constexpr Bindings& set(std::string_view name, const T* values) {
    const int leaf = ir::leaf_named(*recorded, name);
    if (leaf < 0) no_such_leaf(name);
    return set(leaf, values);
  }
  // The leaf that the symbol is. Pre: it is a leaf of the recording.
  constexpr Bindings& set(Var leaf, const T* values) {
    return set(leaf.node().attributes[0], values);
  }

  // One number of an aggregate: set<&Adam::learning_rate>(1e-3). No effect where none is read.
  template <auto Member>
  constexpr Bindings& set(T value) {
    for (int leaf = 0; leaf < recorded->leaves.size(); ++leaf)
      if (recorded->leaves[leaf].setting == ir::MemberReader<Member>::key())
        give_number(leaf, value);
    return *this;
  }
  // All numbers that the graph reads of this aggregate.
  template <class Aggregate>
  Bindings& settings(const Aggregate& aggregate) {
    for (int leaf = 0; leaf < recorded->leaves.size(); ++leaf)
      if (const ir::Leaf& entry = recorded->leaves[leaf];
          entry.aggregate == &ir::type_tag<Aggregate>)
        give_number(leaf, T(entry.read(&aggregate)));
    return *this;
  }

  // The leaf's values, or null.
  constexpr const T* operator[](int leaf) const {
    return has_number[leaf] ? &numbers[leaf] : given[leaf];
  }

 private:
  [[noreturn]] static void no_such_leaf(std::string_view name) {
    throw Error("the recording has no input, label, argument, parameter or state '" +
                std::string(name) + "'");
  }
  constexpr void give_number(int leaf, T value) {
    numbers[leaf] = value;
    has_number[leaf] = true;
  }

  const ir::Recording* recorded;
  std::array<const T*, ir::max_leaves> given{};
  std::array<T, ir::max_leaves> numbers{};
  std::array<bool, ir::max_leaves> has_number{};
};

}  // namespace tg::reference
