// Branches on one input, joined by a layer of several inputs.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/merges.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg {

namespace networks {

template <class Join, class... Branches>
struct ParallelOf {
  static constexpr int layers = int(sizeof...(Branches));
  template <int I>
  using layer = std::tuple_element_t<std::size_t(I), std::tuple<Branches...>>;

  static constexpr Var define(Scope& s, Var x) {
    constexpr std::array<networks::Step, sizeof...(Branches)> steps{&networks::step<Branches>...};
    std::array<Var, sizeof...(Branches)> results;
    for (int i = 0; i < layers; ++i) results[std::size_t(i)] = steps[std::size_t(i)](s, i, x);
    return [&]<std::size_t... I>(std::index_sequence<I...>) { return join(s, x, results[I]...); }
    (std::index_sequence_for<Branches...>{});
  }

 private:
  template <std::same_as<Var>... Vars>
  static constexpr Var join(Scope& s, Var x, Vars... results) {
    if constexpr (sizeof...(Vars) >= 2 && LayerOf<Join, Vars...>)
      return Join::define(s, results...);
    else
      error::raise<error::does_not_join<error::layer<Join>, error::inputs<sizeof...(Vars)>>>();
    return s.fault(x, {.kind = FaultKind::already_raised});
  }
};

}  // namespace networks

// Branches on one input, what they give one after the other along the first axis; or
// tg::Parallel<tg::Add, Branches…>: where the first argument is a layer of several inputs, it joins
// what they give (tg::Multiply, tg::Concatenate<1>, …). Parameters are called as in a
// torch.nn.ModuleList of the branches, "0.weight". A branch of several layers is a tg::Sequence,
// one of none tg::Sequence<>. Errors: does_not_join, not_a_layer. Faults: those of the join.
template <class First, class... Rest>
struct Parallel
    : std::conditional_t<Layer<First>, networks::ParallelOf<Concatenate<>, First, Rest...>,
                         networks::ParallelOf<First, Rest...>> {};

}  // namespace tg
