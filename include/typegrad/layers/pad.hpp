// Zeros around images.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// x (C, H, W) -> (C, top + H + bottom, left + W + right), zeros around x. torch.nn.ZeroPad2d.
// Pad<1> on all sides, Pad<height, width> at the top and the bottom, at the left and the right;
// Pad<left, right, top, bottom> in PyTorch's order. Faults: needs_image, extent_not_positive.
template <int... Sides>
requires(sizeof...(Sides) == 1 || sizeof...(Sides) == 2 || sizeof...(Sides) == 4) struct Pad {
  static constexpr Var define(Scope& s, Var x) {
    constexpr int side[]{Sides...};
    constexpr int count = sizeof...(Sides);
    if (x.shape().rank() != 3)
      return s.fault(x, {.kind = FaultKind::needs_image, .got = x.shape()});
    if constexpr (count == 4)
      return pad(pad(x, 2, side[0], side[1]), 1, side[2], side[3]);
    else
      return pad(pad(x, 2, side[count - 1], side[count - 1]), 1, side[0], side[0]);
  }
};

}  // namespace tg
