// Functions of numbers that are made of others: roots and powers, rounding, trigonometry.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/logic.hpp"

namespace tg {

namespace ir {
inline constexpr double ln2 = 0.693147180559945309, ln10 = 2.302585092994045684,
                        half_pi = 1.570796326794896619;
}

constexpr Var reciprocal(Operand x) { return 1 / x; }
constexpr Var rsqrt(Operand x) { return 1 / sqrt(x); }
constexpr Var exp2(Operand x) { return exp(x * ir::ln2); }
constexpr Var log2(Operand x) { return log(x) * (1 / ir::ln2); }
constexpr Var log10(Operand x) { return log(x) * (1 / ir::ln10); }

// x, but not beyond the bounds; at a bound the gradient is x's. A NaN stays one.
constexpr Var clip(Operand x, Term low, Term high) { return minimum(maximum(x, low), high); }

constexpr Var ceil(Operand x) { return -floor(-x); }
// Towards 0.
constexpr Var trunc(Operand x) { return select(less(x, 0), ceil(x), floor(x)); }
// To the nearest whole number; of two, to the even one.
constexpr Var round(Operand x) {
  const Var below = floor(x), rest = x - below;
  const Var even = 2 * floor(below * 0.5 + 0.5);
  return select(greater(rest, 0.5), below + 1, select(equal(rest, 0.5), even, below));
}

// The sigmoid by three straight lines, as torch.nn.functional.hardsigmoid: 0 up to -3, 1 from 3 on.
constexpr Var hard_sigmoid(Operand x) { return clip(x / 6 + 0.5, 0, 1); }
constexpr Var tan(Operand x) { return sin(x) / cos(x); }
constexpr Var asin(Operand x) { return atan(x / sqrt((1 - x) * (1 + x))); }
constexpr Var acos(Operand x) { return 2 * atan(sqrt((1 - x) / (1 + x))); }
// The angle of the point (x, y), in (-pi, pi]; 0 at the origin. The quotient is that of the smaller
// by the larger, so it and its gradients overflow nowhere.
constexpr Var atan2(Operand y, Var x) {
  const Var steep = greater(abs(y), abs(x)), origin = logical_and(equal(x, 0), equal(y, 0));
  const Var above = select(steep, x, y), below = select(origin, 1, select(steep, y, x));
  const Var angle = atan(above / below);
  const Var turn = select(less(y, 0), -2 * ir::half_pi, 2 * ir::half_pi);
  const Var quarter = select(less(y, 0), -ir::half_pi, ir::half_pi);
  return select(steep, cast(quarter, x.dtype()) - angle,
                select(less(x, 0), angle + cast(turn, x.dtype()), angle));
}

// Accurate near 0; infinite where exp(|x|) is.
constexpr Var sinh(Operand x) { return 0.5 * (expm1(x) - expm1(-x)); }
constexpr Var cosh(Operand x) { return 0.5 * (exp(x) + exp(-x)); }
constexpr Var asinh(Operand x) {
  const Var side = select(less(x, 0), Term(-1).beside(x), 1), size = side * x;
  return side * log1p(size + square(size) / (1 + sqrt(1 + square(size))));
}
constexpr Var acosh(Operand x) { return log1p((x - 1) + sqrt((x - 1) * (x + 1))); }
constexpr Var atanh(Operand x) { return 0.5 * (log1p(x) - log1p(-x)); }

}  // namespace tg
