// First values of recurrent layers: gate by gate.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/products.hpp"
#include "typegrad/graph/scope.hpp"

namespace tg::recurrent {

// An option that was not given.
struct NotGiven {};

// Each of so many blocks, one below the other, by itself.
template <int Gates, class Filler>
struct PerGate {
  Filler filler;

  constexpr Var define(Scope& s, const Shape& shape) const {
    Shape one = shape;
    one.set(0, shape[0] / Gates);
    std::array<Var, std::size_t(Gates)> blocks;
    for (int gate = 0; gate < Gates; ++gate) {
      s.enter(gate);  // random numbers of its own
      blocks[std::size_t(gate)] = filler.define(s, one);
      s.leave();
    }
    return concatenate(blocks);
  }
};

// One of the blocks begins with a number.
template <int Gates, class Filler>
struct ExceptGate {
  Filler filler;
  int gate;
  double value;

  constexpr Var define(Scope& s, const Shape& shape) const {
    const int hidden = shape[0] / Gates;
    const Var all = filler.define(s, shape), one = s.constant(value, {hidden});
    const Var before = slice(all, 0, 0, gate * hidden);
    return concatenate(
        {before, one, slice(all, 0, (gate + 1) * hidden, (Gates - gate - 1) * hidden)});
  }
};

// Of a matrix that is kept as its transpose.
template <class Filler>
struct Transposed {
  Filler filler;

  constexpr Var define(Scope& s, const Shape& shape) const {
    return transpose(filler.define(s, {shape[1], shape[0]}));
  }
};

}  // namespace tg::recurrent
