// Leaves out elements at random while training.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// Training: each element is 0 with probability Rate, else x / (1 - Rate); drawn anew for each
// sample and step. Otherwise x. torch.nn.Dropout (Srivastava et al., "Dropout", 2014).
// Fault: rate_out_of_range.
template <auto Rate = 0.5>
struct Dropout {
  static constexpr Var define(Scope& s, Var x) {
    constexpr double keep = 1 - double(Rate);
    if (!(keep >= 0 && keep <= 1)) return s.fault(x, {.kind = FaultKind::rate_out_of_range});
    if (!s.training() || keep == 1) return x;
    return select(less(s.uniform("mask", x.shape()), keep), x * (keep > 0 ? 1 / keep : 0), 0);
  }
};

}  // namespace tg
