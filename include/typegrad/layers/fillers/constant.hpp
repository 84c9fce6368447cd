// The same first value everywhere.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

struct Constant {
  double value = 0;

  constexpr Var define(Scope& s, const Shape& shape) const { return s.constant(value, shape); }
};

}  // namespace tg
