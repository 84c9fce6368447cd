// What normalisations share: rows of mean 0 and variance 1.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg::layer_options {

// (rows, n) -> (rows, 1)
constexpr Var mean_of_rows(Var x) { return reshape(mean(x, 1), {x.shape()[0], 1}); }

// (rows, n): each row less its mean, over its standard deviation; the variance is the biased one.
constexpr Var standardise(Var x, double epsilon) {
  const Var centered = x - mean_of_rows(x);
  return centered * (1 / sqrt(mean_of_rows(square(centered)) + epsilon));
}

// The axes that a layer normalises: the last ones, as it is told, or all of them.
struct NormalisedAxes {
  Shape extents{};  // empty: there are none such
  int rows = 1;     // places of the axes before

  constexpr NormalisedAxes(const Shape& shape, const Shape& given) {
    const int first = given.rank() == 0 ? 0 : shape.rank() - given.rank();
    for (int axis = first < 0 ? 0 : first; axis < shape.rank(); ++axis) extents.append(shape[axis]);
    if (given.rank() > 0 && extents != given) extents = {};
    if (first > 0) rows = shape.product(0, first);
  }
  constexpr bool fit() const { return extents.rank() > 0; }
  // x as (rows, elements that are normalised together).
  constexpr Var rows_of(Var x) const { return reshape(x, {rows, extents.size()}); }
};

}  // namespace tg::layer_options
