// The same numbers in another shape.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// Any shape -> a vector, in row-major order.
struct Flatten {
  static constexpr Var define(Scope&, Var x) { return flatten(x); }
};

// x -> (Extents…), in row-major order. One extent may be -1: what is left. Fault:
// reshape_changes_size.
template <int... Extents>
struct Reshape {
  static constexpr Var define(Scope& s, Var x) {
    int known = 1, open = 0;
    for (int extent : {1, Extents...}) {
      known *= extent == -1 ? 1 : extent;
      open += extent == -1;
    }
    const Shape given{Extents...};
    if (given.rank() > Shape::max_rank)
      return s.fault(x, {.kind = FaultKind::rank_too_large, .got = given});
    if (known < 1 || open > 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = given});
    Shape shape;
    for (int axis = 0; axis < given.rank(); ++axis)
      shape.append(given[axis] == -1 && x.shape().size() >= known ? x.shape().size() / known
                                                                  : given[axis]);
    if (x.shape().size() != shape.size())
      return s.fault(x,
                     {.kind = FaultKind::reshape_changes_size, .got = x.shape(), .wanted = given});
    return reshape(x, shape);
  }
};

}  // namespace tg
