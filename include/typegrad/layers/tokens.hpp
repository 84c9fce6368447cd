// Integers at the head of a network: words of a vocabulary.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/input.hpp"

namespace tg {

// As Input, of std::int32_t: Tokens<64> is 64 of them, Tokens<> one. Layers that choose by integers
// take them (Embedding).
template <int... Extents>
struct Tokens : Input<Extents...> {
  using Input<Extents...>::shape;

  static constexpr Var define(Scope& s, const char* name = "input") {
    if (!shape.positive())
      s.recording()->fail({.kind = FaultKind::extent_not_positive, .wanted = shape});
    return s.input(name, s.recording()->fault() ? Shape{1} : shape, i32);
  }
  // In the middle of a network. Faults: needs_integers, shapes_do_not_match.
  static constexpr Var define(Scope& s, Var x) {
    if (x.dtype() != i32) return s.fault(x, {.kind = FaultKind::needs_integers, .got = x.shape()});
    return Input<Extents...>::define(s, x);
  }
};

}  // namespace tg
