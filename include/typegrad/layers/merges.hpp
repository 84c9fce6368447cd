// Layers of several inputs: their sum, their product, one after the other.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>

#include "typegrad/graph/moves.hpp"
#include "typegrad/graph/scope.hpp"

namespace tg {

namespace ir {

// a and b have the same shape, or there is a fault.
constexpr bool same_shape(Scope& s, Var a, Var b) {
  if (a.shape() == b.shape()) return true;
  s.recording()->fail(
      {.kind = FaultKind::branches_do_not_match, .got = a.shape(), .wanted = b.shape()});
  return false;
}

}  // namespace ir

// Two or more inputs of one shape, nothing is broadcast -> their sum, element by element: a layer
// of a tg::Graph, or how a tg::Parallel joins its branches. Fault: branches_do_not_match.
struct Add {
  template <std::same_as<Var>... More>
  static constexpr Var define(Scope& s, Var first, Var second, More... more) {
    for (Var x : {second, Var(more)...})
      if (ir::same_shape(s, first, x)) first = first + x;
    return first;
  }
};

// The same -> their product.
struct Multiply {
  template <std::same_as<Var>... More>
  static constexpr Var define(Scope& s, Var first, Var second, More... more) {
    for (Var x : {second, Var(more)...})
      if (ir::same_shape(s, first, x)) first = first * x;
    return first;
  }
};

// Two or more inputs, one after the other along Axis; all other extents are the same. torch.cat.
// Faults: parts_do_not_join, axis_out_of_range.
template <int Axis = 0>
struct Concatenate {
  template <std::same_as<Var>... More>
  static constexpr Var define(Scope&, Var first, Var second, More... more) {
    return concatenate({first, second, more...}, Axis);
  }
};

}  // namespace tg
