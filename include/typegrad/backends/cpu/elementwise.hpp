// What each element-wise op is on vectors: the table of graph/meaning.hpp, in registers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/error_function.hpp"
#include "typegrad/graph/op.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Operands that the op does not have are ignored. Comparisons give 1 or 0.
template <Op op, class T>
TYPEGRAD_INLINE Vector<T> apply(Vector<T> a, Vector<T> b, Vector<T> c) {
  const Vector<T> zero{}, one = splat(T(1));
  (void)zero, (void)one, (void)b, (void)c;
  // clang-format off
  if constexpr (op == Op::negate) return -a;
  else if constexpr (op == Op::absolute) return math::abs<T>(a);
  else if constexpr (op == Op::sign) return select<T>(a > zero, one, select<T>(a < zero, -one, a));
  else if constexpr (op == Op::exp) return math::exp<T>(a);
  else if constexpr (op == Op::log) return math::log<T>(a);
  else if constexpr (op == Op::log1p) return math::log1p<T>(a);
  else if constexpr (op == Op::expm1) return math::expm1<T>(a);
  else if constexpr (op == Op::sqrt) return math::sqrt<T>(a);
  else if constexpr (op == Op::tanh) return math::tanh<T>(a);
  else if constexpr (op == Op::sigmoid) return math::sigmoid<T>(a);
  else if constexpr (op == Op::softplus) return math::softplus<T>(a);
  else if constexpr (op == Op::relu) return select<T>(a < zero, zero, a);
  else if constexpr (op == Op::erf) return math::erf<T>(a);
  else if constexpr (op == Op::erfc) return math::erfc<T>(a);
  else if constexpr (op == Op::erfcx) return math::erfcx<T>(a);
  else if constexpr (op == Op::cosine) return math::cos<T>(a);
  else if constexpr (op == Op::sine) return math::sin<T>(a);
  else if constexpr (op == Op::arctangent) return math::atan<T>(a);
  else if constexpr (op == Op::floor) return math::floor<T>(a);
  else if constexpr (op == Op::logical_not) return select<T>(a == zero, one, zero);
  else if constexpr (op == Op::cast) return a;
  else if constexpr (op == Op::add) return a + b;
  else if constexpr (op == Op::subtract) return a - b;
  else if constexpr (op == Op::multiply) return a * b;
  else if constexpr (op == Op::divide) return a / b;
  else if constexpr (op == Op::power) return math::pow<T>(a, b);
  else if constexpr (op == Op::modulo) return math::modulo<T>(a, b);
  else if constexpr (op == Op::maximum) return select<T>((a >= b) | (a != a), a, b);
  else if constexpr (op == Op::minimum) return select<T>((a <= b) | (a != a), a, b);
  else if constexpr (op == Op::less) return select<T>(a < b, one, zero);
  else if constexpr (op == Op::less_equal) return select<T>(a <= b, one, zero);
  else if constexpr (op == Op::equal) return select<T>(a == b, one, zero);
  else if constexpr (op == Op::select) return select<T>(a != zero, b, c);
  else static_assert(op == Op::count, "backends/cpu/elementwise.hpp lacks the row of this op");
  // clang-format on
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
