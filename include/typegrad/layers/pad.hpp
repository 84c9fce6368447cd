// Zeros around images.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/error.hpp"
#include "typegrad/graph/scope.hpp"

namespace tg {

// x (C, H, W) -> (C, top + H + bottom, left + W + right), zeros around x. torch.nn.ZeroPad2d.
// Pad<1> on all sides, Pad<height, width> at the top and the bottom, at the left and the right;
// Pad<left, right, top, bottom> in PyTorch's order. Faults: sides_of_pad for another number of
// them, needs_image, extent_not_positive.
template <int... Sides>
struct Pad {
  static constexpr Var define(Scope& s, Var x) {
    constexpr int count = sizeof...(Sides);
    constexpr int side[count + 1]{Sides...};
    if constexpr (count != 1 && count != 2 && count != 4) {
      error::raise<error::sides_of_pad<error::layer<Pad>>>();
      s.recording()->fail({.kind = FaultKind::already_raised});
      return x;
    } else {
      if (x.shape().rank() != 3)
        return s.fault(x, {.kind = FaultKind::needs_image, .got = x.shape()});
      if constexpr (count == 4)
        return pad(pad(x, 2, side[0], side[1]), 1, side[2], side[3]);
      else
        return pad(pad(x, 2, side[count - 1], side[count - 1]), 1, side[0], side[0]);
    }
  }
};

}  // namespace tg
