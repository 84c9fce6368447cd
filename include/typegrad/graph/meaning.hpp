// What each element-wise op computes: the meaning that every backend is held to.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/math.hpp"
#include "typegrad/graph/op.hpp"

namespace tg {

// Operands that the op does not have are ignored.
template <class T>
constexpr T meaning(Op op, T a, T b = T(0), T c = T(0)) {
  // clang-format off
  switch (op) {
    case Op::negate: return -a;
    case Op::absolute: return a < T(0) ? -a : a;
    case Op::sign: return a > T(0) ? T(1) : a < T(0) ? T(-1) : a;
    case Op::exp: return math::exp(a);
    case Op::log: return math::log(a);
    case Op::log1p: return math::log1p(a);
    case Op::expm1: return math::expm1(a);
    case Op::sqrt: return math::sqrt(a);
    case Op::tanh: return math::tanh(a);
    case Op::sigmoid: return math::sigmoid(a);
    case Op::softplus: return math::softplus(a);
    case Op::relu: return a < T(0) ? T(0) : a;  // a NaN stays one
    case Op::erf: return math::erf(a);
    case Op::erfc: return math::erfc(a);
    case Op::erfcx: return math::erfcx(a);
    case Op::cosine: return math::cos(a);
    case Op::sine: return math::sin(a);
    case Op::arctangent: return math::atan(a);
    case Op::floor: return math::floor(a);
    case Op::logical_not: return a == T(0) ? T(1) : T(0);
    case Op::cast: return a;
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::power: return math::pow(a, b);
    case Op::modulo: return math::modulo(a, b);
    case Op::maximum: return a >= b || a != a ? a : b;
    case Op::minimum: return a <= b || a != a ? a : b;
    case Op::less: return a < b ? T(1) : T(0);
    case Op::less_equal: return a <= b ? T(1) : T(0);
    case Op::equal: return a == b ? T(1) : T(0);
    case Op::select: return a != T(0) ? b : c;
    default: return std::numeric_limits<T>::quiet_NaN();  // no row: see below
  }
  // clang-format on
}

// The first op without a row: no other is NaN at 1/2. Op::count when there is none.
constexpr Op op_without_meaning() {
  for (int i = 0; i < op_count; ++i)
    if (const double half = meaning<double>(Op(i), 0.5, 0.5, 0.5);
        is_elementwise(Op(i)) && half != half)
      return Op(i);
  return Op::count;
}
template <Op Missing>
struct every_elementwise_op_has_a_meaning {
  static_assert(Missing == Op::count, "graph/meaning.hpp lacks the row of this op");
};
template struct every_elementwise_op_has_a_meaning<op_without_meaning()>;

}  // namespace tg
