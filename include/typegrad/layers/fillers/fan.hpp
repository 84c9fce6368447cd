// How many numbers go into, and come out of, one output: the scale of first values.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/math.hpp"
#include "typegrad/graph/scope.hpp"

namespace tg {

enum class Fan { in, out, average };
enum class Distribution { uniform, normal };

// Of a weight (outputs, inputs, kernel…): in = inputs * kernel, out = outputs * kernel. Of a
// vector: its extent.
constexpr double fan(const Shape& shape, Fan mode) {
  const int rank = shape.rank();
  const double in = rank == 0 ? 1 : rank == 1 ? shape[0] : shape.product(1, rank);
  const double out = rank < 2 ? in : double(shape[0]) * shape.product(2, rank);
  return mode == Fan::in ? in : mode == Fan::out ? out : (in + out) / 2;
}

// Random numbers of mean 0 and the given standard deviation.
constexpr Var spread(Scope& s, const Shape& shape, Distribution distribution, double deviation) {
  if (distribution == Distribution::normal) return s.normal("normal", shape) * deviation;
  const double bound = math::sqrt(3.0) * deviation;
  return s.uniform("uniform", shape) * (2 * bound) - bound;
}

}  // namespace tg
