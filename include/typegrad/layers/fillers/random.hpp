// Random first values of a given spread.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// Independent normal numbers: torch.nn.init.normal_.
struct Normal {
  double mean = 0;
  double deviation = 1;

  constexpr Var define(Scope& s, const Shape& shape) const {
    return s.normal("normal", shape) * deviation + mean;
  }
};

// Independent numbers, uniform from low to high: torch.nn.init.uniform_.
struct Uniform {
  double low = 0;
  double high = 1;

  constexpr Var define(Scope& s, const Shape& shape) const {
    return s.uniform("uniform", shape) * (high - low) + low;
  }
};

}  // namespace tg
