// Layers one after the other: a network is a type.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <concepts>
#include <tuple>

#include "typegrad/layers/input.hpp"
#include "typegrad/layers/tokens.hpp"

namespace tg {

// Anything with `static constexpr Var define(Scope&, Var)`.
template <class L>
concept Layer = LayerOf<L, Var>;

template <class L>
inline constexpr bool is_input = false;
template <int... Extents>
inline constexpr bool is_input<Input<Extents...>> = true;
template <int... Extents>
inline constexpr bool is_input<Tokens<Extents...>> = true;

namespace networks {

// A layer as a function. An Input has no number, and no level of names.
using Step = Var (*)(Scope&, int number, Var);

template <class L>
constexpr Var step(Scope& s, int number, Var x) {
  if constexpr (is_input<L>)
    return L::define(s, x);
  else
    return s.layer<L>(number, x);
}

// Recorded in the place of a first layer, where nothing says what goes in.
struct NoInput {
  static constexpr Var define(Scope& s) {
    return s.fault(s.input("input", {1}), {.kind = FaultKind::network_without_input});
  }
};

}  // namespace networks

// tg::Sequence<tg::Input<784>, tg::Linear<10>> is a whole network; without Input it is a block, a
// layer of another Sequence. Parameters are called as in torch.nn.Sequential, "3.0.weight": layers
// count from 0 without Input. Derive from it to give a network a short name:
//   struct MyNet : tg::Sequence<…> {};
template <class... Elements>
struct Sequence {
  static constexpr int elements = int(sizeof...(Elements));
  // The number of each element in names, -1 for an Input.
  static constexpr auto numbers = [] {
    std::array<int, sizeof...(Elements) + 1> result{is_input<Elements> ? -1 : 0 ..., 0};
    int next = 0;
    for (int i = 0; i < elements; ++i)
      if (result[i] == 0) result[i] = next++;
    result[elements] = next;
    return result;
  }();
  static constexpr int layers = numbers[elements];
  static constexpr bool starts_with_input = elements > 0 && numbers[0] == -1;

  // The type of layer number I.
  template <int I>
  using layer = std::tuple_element_t<[] {
    int element = 0;
    while (numbers[element] != I) ++element;
    return element;
  }(),
                                     std::tuple<Elements...>>;

  // As a block: x through every layer. Here an Input says what shape x has.
  static constexpr Var define(Scope& s, Var x) {
    constexpr std::array<networks::Step, sizeof...(Elements)> steps{&networks::step<Elements>...};
    for (int i = 0; i < elements; ++i) x = steps[i](s, numbers[i], x);
    return x;
  }

  // As a network. Faults: network_without_input, empty_network.
  static constexpr Var define(Scope& s) {
    if constexpr (layers == 0) {
      s.recording()->fail({.kind = FaultKind::empty_network});
      return s.input("input", {1});
    } else if constexpr (!starts_with_input) {
      return s.layer<networks::NoInput>(0);
    } else {
      return define(s, std::tuple_element_t<0, std::tuple<Elements...>>::define(s));
    }
  }
};

}  // namespace tg
