// Steps scaled by the sum of all squared gradients so far.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// torch.optim.Adagrad; t counts from 1, rate_decay is its lr_decay:
//   g = gradient + weight_decay w,  q = q + g^2
//   w = w - learning_rate / (1 + (t - 1) rate_decay) g / (sqrt(q) + epsilon)
// (Duchi et al., "Adaptive subgradient methods for online learning", 2011).
struct Adagrad {
  double learning_rate = 1e-2;
  double rate_decay = 0;
  double weight_decay = 0;
  double epsilon = 1e-10;

  static constexpr Var define(Scope& s, Var weight, Var gradient) {
    const Var step = s.shared("step", {});
    const Var square_sum = s.shared("square_sum", weight.shape());

    const Var decayed = gradient + s.setting<&Adagrad::weight_decay>() * weight;
    const Var q = square_sum + square(decayed);
    s.update(step, step + 1);
    s.update(square_sum, q);
    const Var rate =
        s.setting<&Adagrad::learning_rate>() / (1 + step * s.setting<&Adagrad::rate_decay>());
    return weight - rate * decayed / (sqrt(q) + s.setting<&Adagrad::epsilon>());
  }
};

}  // namespace tg
