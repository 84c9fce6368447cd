// Functions of numbers that are made of others: roots and powers, rounding, trigonometry.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/logic.hpp"

namespace tg {

namespace ir {
inline constexpr double ln2 = 0.693147180559945309, ln10 = 2.302585092994045684,
                        half_pi = 1.570796326794896619;
}

constexpr Var reciprocal(Var x) { return 1 / x; }
constexpr Var rsqrt(Var x) { return 1 / sqrt(x); }
constexpr Var exp2(Var x) { return exp(x * ir::ln2); }
constexpr Var log2(Var x) { return log(x) * (1 / ir::ln2); }
constexpr Var log10(Var x) { return log(x) * (1 / ir::ln10); }

// x, but not beyond the bounds; at a bound the gradient is x's. A NaN stays one.
template <class L, class H>
constexpr Var clip(Var x, L low, H high) {
  return minimum(maximum(x, low), high);
}

constexpr Var ceil(Var x) { return -floor(-x); }
// Towards 0.
constexpr Var trunc(Var x) { return select(less(x, 0), ceil(x), floor(x)); }
// To the nearest whole number; of two, to the even one.
constexpr Var round(Var x) {
  const Var below = floor(x), rest = x - below;
  const Var even = 2 * floor(below * 0.5 + 0.5);
  return select(greater(rest, 0.5), below + 1, select(equal(rest, 0.5), even, below));
}

constexpr Var tan(Var x) { return sin(x) / cos(x); }
constexpr Var asin(Var x) { return atan(x / sqrt((1 - x) * (1 + x))); }
constexpr Var acos(Var x) { return 2 * atan(sqrt((1 - x) / (1 + x))); }
// The angle of the point (x, y), in (-pi, pi]; 0 at the origin. The quotient is that of the smaller
// by the larger, so it and its gradients overflow nowhere.
constexpr Var atan2(Var y, Var x) {
  const Var steep = greater(abs(y), abs(x)), origin = logical_and(equal(x, 0), equal(y, 0));
  const Var above = select(steep, x, y), below = select(origin, 1, select(steep, y, x));
  const Var angle = atan(above / below);
  const Var turn = select(less(y, 0), -2 * ir::half_pi, 2 * ir::half_pi);
  const Var quarter = select(less(y, 0), -ir::half_pi, ir::half_pi);
  return select(steep, cast(quarter, x.dtype()) - angle,
                select(less(x, 0), angle + cast(turn, x.dtype()), angle));
}

// Accurate near 0; infinite where exp(|x|) is.
constexpr Var sinh(Var x) { return 0.5 * (expm1(x) - expm1(-x)); }
constexpr Var cosh(Var x) { return 0.5 * (exp(x) + exp(-x)); }
constexpr Var asinh(Var x) {
  const Var side = select(less(x, 0), ir::number_like(x, -1), 1), size = side * x;
  return side * log1p(size + square(size) / (1 + sqrt(1 + square(size))));
}
constexpr Var acosh(Var x) { return log1p((x - 1) + sqrt((x - 1) * (x + 1))); }
constexpr Var atanh(Var x) { return 0.5 * (log1p(x) - log1p(-x)); }

}  // namespace tg
