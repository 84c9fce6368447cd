// Options of recurrent layers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/attention_options.hpp"

namespace tg {

template <int Layers>
struct Stacked {
  static constexpr Subject subject = Subject::depth;
  static constexpr int value = Layers;
};
template <bool Both>
struct Directions {
  static constexpr Subject subject = Subject::directions;
  static constexpr bool value = Both;
};
template <bool Last>
struct Result {
  static constexpr Subject subject = Subject::result;
  static constexpr bool value = Last;
};
template <bool Present>
struct Masked {
  static constexpr Subject subject = Subject::mask;
  static constexpr bool value = Present;
};

// Layers one on the other: each goes over the states of the one below.
template <int Layers>
inline constexpr Stacked<Layers> stacked{};
// From the first row to the last, and from the last to the first: both states side by side.
inline constexpr Directions<true> bidirectional{};
// The state after the last step alone, not those of all steps.
inline constexpr Result<true> last_state{};
// Steps whose mask is 0 leave the states as they are.
inline constexpr Masked<true> masked{};

}  // namespace tg
