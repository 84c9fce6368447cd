// Options of attention and of layers made with it.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/options.hpp"

namespace tg {

template <auto Rate>
struct DropoutRate {
  static constexpr Subject subject = Subject::rate;
  static constexpr double value = double(Rate);
};
template <bool Present>
struct Causal {
  static constexpr Subject subject = Subject::mask;
  static constexpr bool value = Present;
};
template <bool First>
struct NormFirst {
  static constexpr Subject subject = Subject::order;
  static constexpr bool value = First;
};
template <class L>
struct Activation {
  static constexpr Subject subject = Subject::activation;
  static constexpr L value{};
};

// Elements that a layer leaves out at random while training, as tg::Dropout does.
template <auto Rate>
inline constexpr DropoutRate<Rate> dropout{};
// A token sees itself and those before it.
inline constexpr Causal<true> causal{};
// A block normalises what goes into its parts, not their sums.
inline constexpr NormFirst<true> norm_first{};
// What a layer computes between its products: tg::activation<tg::Gelu>.
template <class L>
inline constexpr Activation<L> activation{};

}  // namespace tg
