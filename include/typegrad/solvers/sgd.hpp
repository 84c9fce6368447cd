// Stochastic gradient descent with momentum, Nesterov's form and weight decay.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// torch.optim.SGD without dampening:
//   g = gradient + weight_decay w,  b = momentum b + g
//   w = w - learning_rate b, or by Nesterov  w - learning_rate (g + momentum b)
// (Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013).
struct Sgd {
  double learning_rate = 1e-3;
  double momentum = 0;
  double weight_decay = 0;
  bool nesterov = false;

  static constexpr Var define(Scope& s, Var weight, Var gradient) {
    const Var rate = s.setting<&Sgd::learning_rate>();
    const Var momentum = s.setting<&Sgd::momentum>();
    const Var buffer = s.shared("momentum", weight.shape());
    const Var decayed = gradient + s.setting<&Sgd::weight_decay>() * weight;
    const Var next = momentum * buffer + decayed;
    s.update(buffer, next);
    return weight - rate * select(s.setting<&Sgd::nesterov>(), decayed + momentum * next, next);
  }
};

}  // namespace tg
