// The shape of one sample, at the head of a network: Input<1, 28, 28>.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// Declares the input "input", or of another name. As a layer in the middle of a network it only
// checks the shape.
template <int... Extents>
struct Input {
  static constexpr Shape shape{Extents...};

  static constexpr Var define(Scope& s, const char* name = "input") {
    if (!shape.positive())
      s.recording()->fail({.kind = FaultKind::extent_not_positive, .wanted = shape});
    if (shape.rank() > Shape::max_rank)
      s.recording()->fail({.kind = FaultKind::rank_too_large, .got = shape});
    return s.input(name, s.recording()->fault() ? Shape{1} : shape);
  }
  static constexpr Var define(Scope& s, Var x) {
    if (x.shape() != shape)
      s.recording()->fail(
          {.kind = FaultKind::shapes_do_not_match, .got = x.shape(), .wanted = shape});
    return x;
  }
};

}  // namespace tg
