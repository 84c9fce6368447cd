// Loops that the tests of this folder compile.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/run/backends/subject.hpp"
#include "typegrad/graph/scan.hpp"

namespace tg::test {

// h' = tanh(W x + U h + b), of one sample: x (2), h (3).
struct Recurrence {
  static constexpr Next step(Scope&, Var x, Var h, Var W, Var U, Var b) {
    return next(tanh(matmul(W, x) + matmul(U, h) + b));
  }
};

struct One {  // a filler that tells numbers apart
  constexpr Var define(Scope& s, const Shape& shape) const { return s.constant(0.5, shape); }
};

// A recurrent layer of 3 states over x (rows, 2): what every step leaves, or the last alone.
template <bool All, auto... Options>
struct Recurrent {
  static constexpr Var define(Scope& s, Var x) {
    const Var W = s.parameter("W", {3, 2}, One{}), U = s.parameter("U", {3, 3}, One{});
    const Var b = s.parameter("b", {3}, One{}), h = s.parameter("h", {3}, One{});
    const Loop loop = scan<Recurrence, Options...>(s, over(x), from(h), W, U, b);
    return All ? loop.states() : loop.last();
  }
};

}  // namespace tg::test
