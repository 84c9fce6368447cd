// First values that keep the variance through layers followed by Relu.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/fan.hpp"

namespace tg {

// Of standard deviation sqrt(2 / (1 + slope^2) / fan), slope that of a LeakyRelu;
// torch.nn.init.kaiming_normal_ (He et al., "Delving deep into rectifiers", 2015).
struct He {
  Fan mode = Fan::in;
  Distribution distribution = Distribution::normal;
  double slope = 0;

  constexpr Var define(Scope& s, const Shape& shape) const {
    return spread(s, shape, distribution, math::sqrt(2 / (1 + slope * slope) / fan(shape, mode)));
  }
};

}  // namespace tg
