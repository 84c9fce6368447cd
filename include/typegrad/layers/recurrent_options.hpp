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
template <class F, auto... Members>
struct RecurrentFiller {
  static constexpr Subject subject = Subject::recurrent_filler;
  static constexpr F value{Members...};
};
template <auto Number>
struct ForgetBias {
  static constexpr Subject subject = Subject::forget_bias;
  static constexpr double value = double(Number);
};
template <bool Separate>
struct Gates {
  static constexpr Subject subject = Subject::gates;
  static constexpr bool value = Separate;
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
// The first value of the matrices that the states are multiplied with, of each gate's by itself:
// tg::recurrent_filler<tg::Orthogonal>.
template <class F, auto... Members>
inline constexpr RecurrentFiller<F, Members...> recurrent_filler{};
// What the biases of an Lstm's forget gate first sum to: tg::forget_bias<1> remembers at first.
// (Jozefowicz et al., "An empirical exploration of recurrent network architectures", 2015.)
template <auto Number>
inline constexpr ForgetBias<Number> forget_bias{};
// A parameter for each gate, as Theano's tutorial has them: see Rnn, Lstm and Gru.
inline constexpr Gates<true> separate_gates{};

}  // namespace tg
