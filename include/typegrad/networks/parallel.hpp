// Branches on one input, joined by a layer of several inputs.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg {

// A layer of two and more inputs, and not of one: tg::Add.
template <class L>
concept Merge = !Layer<L> && requires(Scope & s, Var x) {
  { L::define(s, x, x) } -> std::same_as<Var>;
};

// tg::Parallel<tg::Add, Branches…>: every branch gets x, the first argument joins what they give.
// Parameters are called as in a torch.nn.ModuleList of the branches, "0.weight". A branch of
// several layers is a tg::Sequence, one of none tg::Sequence<>. Fault: branches_do_not_match.
template <Merge Join, class... Branches>
requires(sizeof...(Branches) >= 2) struct Parallel {
  static constexpr int layers = int(sizeof...(Branches));
  template <int I>
  using layer = std::tuple_element_t<std::size_t(I), std::tuple<Branches...>>;

  static constexpr Var define(Scope& s, Var x) {
    constexpr std::array<networks::Step, sizeof...(Branches)> steps{&networks::step<Branches>...};
    std::array<Var, sizeof...(Branches)> results;
    for (int i = 0; i < layers; ++i) results[std::size_t(i)] = steps[std::size_t(i)](s, i, x);
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Join::define(s, results[I]...);
    }
    (std::index_sequence_for<Branches...>{});
  }
};

}  // namespace tg
