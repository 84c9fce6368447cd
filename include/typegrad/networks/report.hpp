// From a fault to its words: the path of indices and the type of the layer that raised it.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>
#include <utility>

#include "typegrad/core/error.hpp"
#include "typegrad/graph/recording.hpp"

namespace tg::networks {

struct Path {
  FixedVector<int, 16> index;
};

// The numbers of the layers around a scope, the outermost first, up to the first level that has a
// name instead.
constexpr Path path_of(const ir::Recording& recording, int scope) {
  Path reversed, path;
  for (; scope >= 0; scope = recording.scopes[scope].parent) {
    const int index = recording.scopes[scope].index;
    if (index < 0)
      reversed.index.clear();
    else if (!reversed.index.full())
      reversed.index.push_back(index);
  }
  for (int i = reversed.index.size() - 1; i >= 0; --i) path.index.push_back(reversed.index[i]);
  return path;
}

// L has layers of its own, and one of this number.
template <class L, int Number>
concept Contains = Number < L::layers;

// The layer at Report::path, or the last on the way that names no layers of its own.
template <class Report, class L, int Depth>
consteval auto layer_at() {
  if constexpr (Depth < Report::path.index.size()) {
    constexpr int number = Report::path.index[Depth];
    if constexpr (Contains<L, number>)
      return layer_at<Report, typename L::template layer<number>, Depth + 1>();
    else
      return std::type_identity<L>{};
  } else {
    return std::type_identity<L>{};
  }
}

template <class Report>
consteval auto spell_path() {
  return []<int... Level>(std::integer_sequence<int, Level...>) {
    return std::type_identity<error::at_layer<Report::path.index[Level]...>>{};
  }
  (std::make_integer_sequence<int, Report::path.index.size()>{});
}

// What error::explain wants to know. `Recorded` has `static constexpr ir::Recording recording`; a
// fault outside of all layers is that of `Outside`: a loss, or the network itself.
template <class Net, class Recorded, class Outside = Net>
struct Report {
  static constexpr Fault fault = Recorded::recording.fault();
  static constexpr Path path = path_of(Recorded::recording, fault.scope);
  using At = typename decltype(spell_path<Report>())::type;
  using Layer = error::layer<
      typename decltype(layer_at<Report, std::conditional_t<path.index.empty(), Outside, Net>,
                                 0>())::type>;
};

}  // namespace tg::networks
