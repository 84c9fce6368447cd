// Parameters and layers by their names, found while compiling.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/names.hpp"
#include "typegrad/networks/record.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// The leaf called `name` that is kept between calls, an index of leaves.infos; or -1.
constexpr int find_stored(const Leaves& leaves, std::string_view name) {
  const std::uint64_t key = hash(name);
  for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
    if (leaves.infos[leaf].stored() && leaves.infos[leaf].hash == key) return int(leaf);
  return -1;
}

// How many leaves before it are.
constexpr int count_stored(const Leaves& leaves, int before) {
  int count = 0;
  for (int leaf = 0; leaf < before; ++leaf) count += leaves.infos[std::size_t(leaf)].stored();
  return count;
}

// The names of what `Values`, an InitialValues, keeps, in words.
template <class Values, int Leaf>
consteval auto leaf_name() {
  return fixed_text([](auto put) { put(Values::leaves().name(Leaf)); });
}
template <class Values>
inline constexpr int stored_count = count_stored(Values::leaves(),
                                                 int(Values::leaves().infos.size()));
template <class Values>
inline constexpr auto stored_leaves = [] {
  std::array<int, std::size_t(stored_count<Values>)> result{};
  int next = 0;
  for (int leaf = 0; next < stored_count<Values>; ++leaf)
    if (Values::leaves().infos[std::size_t(leaf)].stored()) result[std::size_t(next++)] = leaf;
  return result;
}();
template <class Values>
consteval auto spell_stored() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return std::type_identity<error::there_are<leaf_name<Values, stored_leaves<Values>[I]>()...>>{};
  }
  (std::make_index_sequence<std::size_t(stored_count<Values>)>{});
}

// The number of a parameter or state among Variables::list(). Error: no_such_parameter.
template <class Values, FixedString Name>
consteval int variable_number() {
  constexpr int leaf = find_stored(Values::leaves(), Name.view());
  if constexpr (leaf < 0) {
    using ThereAre = typename decltype(spell_stored<Values>())::type;
    error::raise<error::no_such_parameter<error::name<Name>, ThereAre>>();
    return 0;
  } else {
    return count_stored(Values::leaves(), leaf);
  }
}

// How the variable of that name lies in memory: states in T, parameters as Kept.
template <class Values>
constexpr bool is_state(std::string_view name) {
  const int leaf = find_stored(Values::leaves(), name);
  return leaf >= 0 && Values::leaves().infos[std::size_t(leaf)].op == Op::state;
}
template <class Values, FixedString Name, class T, class Kept>
using KeptAs = std::conditional_t<is_state<Values>(Name.view()), T, Kept>;

// The names of a network's layers, in words.
template <class Net, int Layer>
consteval auto layer_name() {
  return fixed_text([](auto put) {
    int layer = -1;
    for (int i = 0; i <= Layer; ++i) {
      do ++layer;
      while (!Recorded<Net>::recording.scopes[layer].is_layer());
    }
    ir::spell_scope(Recorded<Net>::recording.scopes, layer, put);
  });
}
template <class Net>
consteval auto spell_layers() {
  constexpr int count = [] {
    int sum = 0;
    for (const ir::ScopeEntry& scope : Recorded<Net>::recording.scopes) sum += scope.is_layer();
    return sum;
  }();
  return []<int... Layer>(std::integer_sequence<int, Layer...>) {
    return std::type_identity<error::there_are<layer_name<Net, Layer>()...>>{};
  }
  (std::make_integer_sequence<int, count>{});
}

// What the layer called Name gives, as an output of its own. Error: no_such_layer.
template <class Net, FixedString Name>
struct OutputOf {
  using Network = Net;
  static constexpr int layer = ir::layer_named(Recorded<Net>::recording, Name.view());

  static constexpr Var define(Scope& s) {
    [[maybe_unused]] const auto outputs = Net::define(s);
    if constexpr (layer < 0) {
      using ThereAre = typename decltype(spell_layers<Net>())::type;
      error::raise<error::no_such_layer<error::name<Name>, ThereAre>>();
      return s.fault(s.constant(0, {1}), {.kind = FaultKind::already_raised});
    } else {
      return {&s.recording()->builder, s.recording()->scopes[layer].result};
    }
  }
};

// Whether a name is that of a level, or in it.
constexpr bool is_in_level(std::string_view name, std::string_view level) {
  return name.substr(0, level.size()) == level &&
         (name.size() == level.size() || name[level.size()] == '.');
}

// What a network takes over from another one, leaf by leaf: for each stored leaf of `Mine` the
// number of the variable of `Theirs` of the same name, -1 for what lies in the levels New or in the
// new head of a ReplaceHead. Error: cannot_be_kept.
template <class Net, class Mine, class Theirs, FixedString... New>
struct Adoption {
  static constexpr bool is_new(std::string_view name) {
    bool result = (is_in_level(name, New.view()) || ...);
    if constexpr (requires { Net::is_new(name); }) result = result || Net::is_new(name);
    return result;
  }

  struct Result {
    std::array<int, std::size_t(stored_count<Mine>)> from{};
    int wrong_leaf = -1, other_leaf = -1;  // the first that is missing, or has another shape
  };
  static constexpr Result result = [] {
    Result r;
    constexpr Leaves mine = Mine::leaves(), theirs = Theirs::leaves();
    int number = 0;
    for (int leaf = 0; leaf < int(mine.infos.size()); ++leaf) {
      if (!mine.infos[std::size_t(leaf)].stored()) continue;
      const std::string_view name = mine.name(std::size_t(leaf));
      const int other = is_new(name) ? -1 : find_stored(theirs, name);
      const bool fits = is_new(name) || (other >= 0 && theirs.infos[std::size_t(other)].shape ==
                                                           mine.infos[std::size_t(leaf)].shape);
      if (!fits && r.wrong_leaf < 0) r.wrong_leaf = leaf, r.other_leaf = other;
      r.from[std::size_t(number++)] = other < 0 ? -1 : count_stored(theirs, other);
    }
    return r;
  }();

  // The shapes of the first that is wrong, for words.
  static constexpr Fault fault = [] {
    Fault f;
    if (result.wrong_leaf >= 0)
      f.wanted = Mine::leaves().infos[std::size_t(result.wrong_leaf)].shape;
    if (result.other_leaf >= 0)
      f.got = Theirs::leaves().infos[std::size_t(result.other_leaf)].shape;
    return f;
  }();

  static constexpr bool possible() {
    if constexpr (result.wrong_leaf < 0) {
      return true;
    } else {
      using Name = error::name<leaf_name<Mine, result.wrong_leaf>()>;
      using Wanted = error::shape_word<Adoption, error::wanted_shape, true>;
      if constexpr (result.other_leaf >= 0)
        error::raise<
            error::cannot_be_kept<Name, error::shape_word<Adoption, error::got_shape>, Wanted>>();
      else
        error::raise<error::cannot_be_kept<Name, Wanted>>();
      return false;
    }
  }
};

}  // namespace tg::runtime
