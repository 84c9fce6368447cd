// First values that keep the variance of a linear layer, forward and backward.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/fan.hpp"

namespace tg {

// Of standard deviation gain / sqrt(fan); torch.nn.init.xavier_uniform_ (Glorot and Bengio,
// "Understanding the difficulty of training deep feedforward neural networks", 2010).
struct Xavier {
  Fan mode = Fan::average;
  Distribution distribution = Distribution::uniform;
  double gain = 1;

  constexpr Var define(Scope& s, const Shape& shape) const {
    return spread(s, shape, distribution, gain / math::sqrt(fan(shape, mode)));
  }
};

}  // namespace tg
