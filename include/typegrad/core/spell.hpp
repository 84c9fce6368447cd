// Values of the library as people write them.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "typegrad/core/joined.hpp"
#include "typegrad/core/shape.hpp"

namespace tg {

// "(6, 28, 28)"
[[gnu::cold]] inline std::string spell(const Shape& shape) {
  std::string text;
  for (int axis = 0; axis < shape.rank(); ++axis)
    text += joined(axis == 0 ? "(" : ", ", std::to_string(shape[axis]));
  if (text.empty()) text = "(";
  text += ')';
  return text;
}

}  // namespace tg
