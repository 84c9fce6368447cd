// Steps scaled by a running mean of the squared gradient.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// torch.optim.RMSprop, not centered; `smoothing` is its alpha:
//   g = gradient + weight_decay w,             q = smoothing q + (1 - smoothing) g^2
//   b = momentum b + g / (sqrt(q) + epsilon),  w = w - learning_rate b
// (Hinton, "Neural networks for machine learning", lecture 6, 2012).
struct RmsProp {
  double learning_rate = 1e-2;
  double smoothing = 0.99;
  double epsilon = 1e-8;
  double weight_decay = 0;
  double momentum = 0;

  static constexpr Var define(Scope& s, Var weight, Var gradient) {
    const Var smoothing = s.setting<&RmsProp::smoothing>();
    const Var square_mean = s.shared("square_mean", weight.shape());
    const Var buffer = s.shared("momentum", weight.shape());

    const Var decayed = gradient + s.setting<&RmsProp::weight_decay>() * weight;
    const Var q = smoothing * square_mean + (1 - smoothing) * square(decayed);
    const Var b = s.setting<&RmsProp::momentum>() * buffer +
                  decayed / (sqrt(q) + s.setting<&RmsProp::epsilon>());
    s.update(square_mean, q);
    s.update(buffer, b);
    return weight - s.setting<&RmsProp::learning_rate>() * b;
  }
};

}  // namespace tg
