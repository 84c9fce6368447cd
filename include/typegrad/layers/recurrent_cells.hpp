// What recurrent layers compute in a step.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scan_recorder.hpp"
#include "typegrad/layers/options.hpp"

namespace tg::recurrent {

// A cell says how many blocks of weights it has, one below the other, what their gates are called
// where each is a parameter, how many states it carries, and how they go on: its output is the
// first of them. `own` is an option that other cells do not have. x: W_ih x_t + b_ih, h: W_hh
// h_{t-1} + b_hh, each (gates hidden) for all blocks.

// Block `which` of `hidden` numbers.
constexpr Var gate(Var all, int which, int hidden) { return slice(all, 0, which * hidden, hidden); }

// h' = f(x + h). (Elman, "Finding structure in time", 1990.)
template <class Nonlinearity>
struct Simple {
  static constexpr int gates = 1, states = 1;
  static constexpr std::string_view names[]{""};
  static constexpr bool two_biases = false;  // is a sum of both not enough?
  static constexpr Subject own = Subject::activation;
  static constexpr std::array<Var, 1> advance(Scope& s, Var x, Var h, const std::array<Var, 1>&) {
    return {Nonlinearity::define(s, x + h)};
  }
};

// i, f, g, o: blocks of x + h; c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c').
// (Hochreiter, Schmidhuber, "Long short-term memory", 1997; Gers et al., 2000, for f.)
struct LongShort {
  static constexpr int gates = 4, states = 2, forget_gate = 1;
  static constexpr std::string_view names[]{"_i", "_f", "_c", "_o"};
  static constexpr bool two_biases = false;
  static constexpr Subject own = Subject::forget_bias;
  static constexpr std::array<Var, 2> advance(Scope&, Var x, Var h,
                                              const std::array<Var, 2>& before) {
    const int hidden = before[0].shape()[0];
    const Var all = x + h;
    const Var kept = sigmoid(gate(all, 1, hidden)) * before[1];
    const Var c = kept + sigmoid(gate(all, 0, hidden)) * tanh(gate(all, 2, hidden));
    return {sigmoid(gate(all, 3, hidden)) * tanh(c), c};
  }
};

// r, z, n: r = sigmoid(x_r + h_r), z = sigmoid(x_z + h_z), n = tanh(x_n + r h_n),
// h' = (1 - z) n + z h. (Cho et al., "Learning phrase representations", 2014, as cuDNN has it.)
struct Gated {
  static constexpr int gates = 3, states = 1;
  static constexpr std::string_view names[]{"_r", "_z", "_n"};
  static constexpr bool two_biases = true;
  static constexpr Subject own = Subject::bias;  // none: all have it
  static constexpr std::array<Var, 1> advance(Scope&, Var x, Var h,
                                              const std::array<Var, 1>& before) {
    const int hidden = before[0].shape()[0];
    const Var r = sigmoid(gate(x, 0, hidden) + gate(h, 0, hidden));
    const Var z = sigmoid(gate(x, 1, hidden) + gate(h, 1, hidden));
    const Var n = tanh(gate(x, 2, hidden) + r * gate(h, 2, hidden));
    return {n + z * (before[0] - n)};
  }
};

}  // namespace tg::recurrent
