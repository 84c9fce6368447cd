// The first values that PyTorch gives to Linear and Conv2d, weight and bias.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/fan.hpp"

namespace tg {

// Uniform in ±1 / sqrt(fan_in), which is kaiming_uniform_(a = sqrt(5)). A bias is given its
// weight's fan.
struct TorchDefault {
  int fan_in = 0;  // 0: from the shape

  constexpr Var define(Scope& s, const Shape& shape) const {
    const double inputs = fan_in > 0 ? fan_in : fan(shape, Fan::in);
    return spread(s, shape, Distribution::uniform, 1 / math::sqrt(3 * inputs));
  }
};

}  // namespace tg
