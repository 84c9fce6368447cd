// The variables of several definitions, each once: found by name while compiling.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error/functions.hpp"
#include "typegrad/core/table.hpp"
#include "typegrad/runtime/tables.hpp"

namespace tg::runtime {

// `Values`: the InitialValues of each.
template <class... Values>
struct SharedTable {
  static constexpr int tables = sizeof...(Values);
  static constexpr std::array<Leaves, std::size_t(tables)> all() { return {Values::leaves()...}; }

  // Where the variable of that name is declared first; table -1 when nowhere.
  struct Place {
    int table = -1, leaf = -1;
  };
  static constexpr Place find(std::uint64_t key, int before = tables) {
    const auto leaves = all();
    for (int table = 0; table < before; ++table)
      for (std::size_t leaf = 0; leaf < leaves[std::size_t(table)].infos.size(); ++leaf) {
        const LeafInfo& info = leaves[std::size_t(table)].infos[leaf];
        if (info.stored() && info.initial >= 0 && info.hash == key) return {table, int(leaf)};
      }
    return {};
  }
  static constexpr const LeafInfo& info(Place place) {
    return all()[std::size_t(place.table)].infos[std::size_t(place.leaf)];
  }
  static constexpr std::string_view name(Place place) {
    return all()[std::size_t(place.table)].name(std::size_t(place.leaf));
  }

  // Calls with every variable, in the order of its first declaration.
  template <class Visit>
  static constexpr void each(Visit visit) {
    const auto leaves = all();
    for (int table = 0; table < tables; ++table)
      for (std::size_t leaf = 0; leaf < leaves[std::size_t(table)].infos.size(); ++leaf) {
        const LeafInfo& info = leaves[std::size_t(table)].infos[leaf];
        if (info.stored() && info.initial >= 0 && find(info.hash, table).table < 0)
          visit(Place{table, int(leaf)});
      }
  }
  static constexpr auto places = table_of<Place>([](auto visit) { each(visit); });
  static constexpr int count = int(places.size());

  template <int Which>
  static consteval auto spelled() {
    return fixed_text([](auto put) { put(name(places[std::size_t(Which)])); });
  }
  static consteval auto spell_all() {
    return []<int... I>(std::integer_sequence<int, I...>) {
      return std::type_identity<error::there_are<spelled<I>()...>>{};
    }
    (std::make_integer_sequence<int, count>{});
  }
  using ThereAre = typename decltype(spell_all())::type;

  // A variable that two definitions declare with other shapes or dtypes; table -1 when none.
  struct Difference {
    Place first{}, second{};
  };
  static constexpr Difference difference = [] {
    const auto leaves = all();
    for (int table = 1; table < tables; ++table)
      for (std::size_t leaf = 0; leaf < leaves[std::size_t(table)].infos.size(); ++leaf) {
        const LeafInfo& mine = leaves[std::size_t(table)].infos[leaf];
        if (!mine.stored() || mine.initial < 0) continue;
        const Place other = find(mine.hash, table);
        if (other.table >= 0 &&
            (info(other).shape != mine.shape || info(other).dtype != mine.dtype))
          return Difference{other, {table, int(leaf)}};
      }
    return Difference{};
  }();
  static constexpr Fault fault = [] {
    Fault f;
    if (difference.first.table >= 0)
      f.wanted = info(difference.first).shape, f.got = info(difference.second).shape;
    return f;
  }();

  // True; a difference is an error. Error: shared_differs.
  static consteval bool agree() {
    if constexpr (difference.first.table >= 0) {
      constexpr auto text = fixed_text([](auto put) { put(name(difference.first)); });
      error::raise<error::shared_differs<error::name<text>,
                                         error::shape_word<SharedTable, error::wanted_shape, true>,
                                         error::dtype<info(difference.first).dtype>,
                                         error::shape_word<SharedTable, error::got_shape>,
                                         error::dtype<info(difference.second).dtype>>>();
    }
    return true;
  }
};

}  // namespace tg::runtime
