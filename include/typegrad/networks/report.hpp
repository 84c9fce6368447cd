// From a fault to its words: the path of names and the type of the layer that raised it.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>
#include <utility>

#include "typegrad/core/error.hpp"
#include "typegrad/graph/name.hpp"

namespace tg::networks {

// The layers around and with a scope, the outermost first, as indices of Recording::scopes.
struct Path {
  FixedVector<int, 16> scope;
};

// Up to the first level that is no layer.
constexpr Path path_of(const ir::Recording& recording, int scope) {
  Path reversed, path;
  for (; scope >= 0; scope = recording.scopes[scope].parent) {
    if (!recording.scopes[scope].is_layer())
      reversed.scope.clear();
    else if (!reversed.scope.full())
      reversed.scope.push_back(scope);
  }
  for (int i = reversed.scope.size() - 1; i >= 0; --i) path.scope.push_back(reversed.scope[i]);
  return path;
}

// L is made of layers that it can name the types of: `layers` of them, layer<number>. On their
// levels they have their numbers, or, where there is such an array, `names`.
template <class L>
concept Block = requires {
  { L::layers } -> std::convertible_to<int>;
};

// The number of L's layer on that level; -1 when there is none.
template <Block L>
constexpr int number_of(const ir::ScopeEntry& level) {
  constexpr int count = L::layers;
  if constexpr (requires { L::names[0]; }) {
    if (level.index >= 0) return -1;
    for (int number = 0; number < count; ++number)
      if (L::names[std::size_t(number)] == level.name) return number;
    return -1;
  } else {
    return level.index < count ? level.index : -1;
  }
}

// A level of Report::path, from the outside.
template <class Report>
constexpr const ir::ScopeEntry& level_of(int at) {
  return Report::Recorded::recording.scopes[Report::path.scope[at]];
}

// The layer at Report::path, or the last on the way that names no layers of its own.
template <class Report, class L, int Depth>
consteval auto layer_at() {
  if constexpr (Block<L> && Depth < Report::path.scope.size()) {
    constexpr int number = number_of<L>(level_of<Report>(Depth));
    if constexpr (number >= 0)
      return layer_at<Report, typename L::template layer<number>, Depth + 1>();
    else
      return std::type_identity<L>{};
  } else {
    return std::type_identity<L>{};
  }
}

// at_layer<3, 0> where all levels are numbers, else at<"stem.0">.
template <class Report>
consteval auto spell_path() {
  constexpr bool numbered = [] {
    for (int i = 0; i < Report::path.scope.size(); ++i)
      if (level_of<Report>(i).index < 0) return false;
    return true;
  }();
  if constexpr (numbered) {
    return []<int... Level>(std::integer_sequence<int, Level...>) {
      return std::type_identity<error::at_layer<level_of<Report>(Level).index...>>{};
    }
    (std::make_integer_sequence<int, Report::path.scope.size()>{});
  } else {
    constexpr auto text = fixed_text([](auto put) {
      for (int i = 0; i < Report::path.scope.size(); ++i) {
        if (i > 0) put(std::string_view("."));
        ir::spell_level(level_of<Report>(i), put);
      }
    });
    return std::type_identity<error::at<text>>{};
  }
}

// Of the faults of operations: which one.
constexpr bool names_operation(const Fault& fault) {
  const bool of_operation = fault.kind == FaultKind::shapes_do_not_match ||
                            fault.kind == FaultKind::extents_do_not_chain ||
                            fault.kind == FaultKind::dtypes_do_not_match ||
                            fault.kind == FaultKind::needs_numbers ||
                            fault.kind == FaultKind::needs_floating;
  return of_operation && fault.name[0] != 0;
}
// words<operation<"add">>
template <class Report>
consteval auto spell_operation() {
  if constexpr (names_operation(Report::fault))
    return error::words<error::operation<error::spell_name<Report>()>>{};
  else
    return error::words<>{};
}
// words<written_at<"net.cpp:31">>
template <class Report>
consteval auto spell_line() {
  constexpr int place = Report::fault.place;
  if constexpr (place < 0) {
    return error::words<>{};
  } else {
    constexpr auto line = fixed_text([](auto put) {
      ir::spell_place(Report::Recorded::recording.places()[place], put, error::longest_path);
    });
    return error::words<error::written_at<line>>{};
  }
}
template <class... First, class... Then>
consteval auto join(error::words<First...>, error::words<Then...>) {
  return error::words<First..., Then...>{};
}

// What error::explain wants to know. `Source` has `static constexpr ir::Recording recording`; a
// fault outside of all layers is that of `Outside`: a loss, or the network itself.
template <class Net, class Source, class Outside = Net>
struct Report {
  using Recorded = Source;
  static constexpr Fault fault = Recorded::recording.fault();
  static constexpr Path path = path_of(Recorded::recording, fault.scope);
  using At = typename decltype(spell_path<Report>())::type;
  using Layer = error::layer<
      typename decltype(layer_at<Report, std::conditional_t<path.scope.empty(), Outside, Net>,
                                 0>())::type>;
  using More = decltype(join(spell_operation<Report>(), spell_line<Report>()));
};

}  // namespace tg::networks
