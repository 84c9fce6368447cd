// Recurrent layers: Rnn, Lstm, Gru, one or several, in one direction or both.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/recurrent_stack.hpp"

namespace tg {

namespace recurrent {

// What Rnn, Lstm and Gru are: the layer of a Stack.
template <class Some>
struct Layer {
  using Stack = Some;

  template <std::same_as<Var>... More>
  requires(Stack::takes(sizeof...(More))) static constexpr Var
      define(Scope& s, Var x, More... more) {
    return Stack::define(s, x, std::array<Var, sizeof...(More)>{more...});
  }
  static constexpr typename Stack::States step(Scope& s, Var x,
                                               const typename Stack::States& before) {
    return Stack::step(s, x, before);
  }
};

// The activation among an Rnn's options.
template <class Rnn, auto... Options>
using Nonlinearity =
    std::remove_cvref_t<decltype(OptionsOf<Rnn, Options...>::template get<Subject::activation>(
        Tanh{}))>;

}  // namespace recurrent

// x (steps, features) -> h (steps, Hidden), the states after each step: torch.nn.RNN, LSTM and GRU
// of one sample, with their parameters: weight_ih_l0 (gates Hidden, features), weight_hh_l0 (gates
// Hidden, Hidden), bias_ih_l0, bias_hh_l0 (gates Hidden); …_l1 of the next layer, …_reverse of the
// other direction.
// Further inputs: with tg::masked a mask (steps) first; then the first values of the states, h and,
// of an Lstm, c, each (layers directions, Hidden). Without, they are 0.
// A step alone, for who makes a sequence as it goes: step(s, x, {h, c}), x (features) and states
// (layers, Hidden) -> the states after it, on the same parameters.
// Options: stacked<layers>, bidirectional (-> 2 Hidden), last_state (-> (Hidden)), masked, no_bias;
// filler of the weights, bias_filler (uniform in ±1 / sqrt(Hidden)), recurrent_filler of weight_hh
// alone; of Rnn activation<tg::Relu>; of Lstm forget_bias<1>. Faults: needs_tokens,
// extent_not_positive, shapes_do_not_match.
// With separate_gates each gate has parameters of its own, for rows as Theano writes them, x W: of
// an Lstm W_i, W_f, W_c, W_o (features, Hidden), U_i, … (Hidden, Hidden), b_i, … (Hidden), one bias
// instead of two; of a Gru W_r, W_z, W_n, …, and c_r, … beside b_r, …; of an Rnn W, U, b. Of
// further layers and the other direction W_i_l1, W_i_reverse, …. The numbers, and the products, are
// the same.
template <int Hidden, auto... Options>
struct Rnn : recurrent::Layer<recurrent::Stack<
                 Rnn<Hidden, Options...>,
                 recurrent::Simple<recurrent::Nonlinearity<Rnn<Hidden, Options...>, Options...>>,
                 Hidden, Options...>> {};
template <int Hidden, auto... Options>
struct Lstm
    : recurrent::Layer<
          recurrent::Stack<Lstm<Hidden, Options...>, recurrent::LongShort, Hidden, Options...>> {};
template <int Hidden, auto... Options>
struct Gru : recurrent::Layer<
                 recurrent::Stack<Gru<Hidden, Options...>, recurrent::Gated, Hidden, Options...>> {
};

}  // namespace tg
