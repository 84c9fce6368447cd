// Truth values: combined, asked of numbers, asked of many at once.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/graph/tensor.hpp"

namespace tg {

namespace ir {

// Whether x is not 0.
constexpr Var truth(Var x) { return cast(x, boolean); }

}  // namespace ir

// Of symbols of any dtype, which are true where they are not 0; the results are boolean.
constexpr Var logical_not(Operand x) { return ir::unary(Op::logical_not, x); }
constexpr Var logical_and(Operand a, Var b) {
  return ir::combine(Op::minimum, ir::truth(a), ir::truth(b));
}
constexpr Var logical_or(Operand a, Var b) {
  return ir::combine(Op::maximum, ir::truth(a), ir::truth(b));
}
constexpr Var logical_xor(Operand a, Var b) {
  return logical_not(ir::combine(Op::equal, ir::truth(a), ir::truth(b)));
}

constexpr Var not_equal(Operand a, Term b) { return logical_not(equal(a, b)); }
constexpr Var not_equal(Number auto a, Operand b) { return logical_not(equal(a, b)); }

constexpr Var is_nan(Operand x) { return logical_not(equal(x, x)); }
constexpr Var is_inf(Operand x) { return equal(abs(x), std::numeric_limits<double>::infinity()); }
constexpr Var is_finite(Operand x) { return less(abs(x), std::numeric_limits<double>::infinity()); }

// NumPy's name for select.
template <class A, class B>
constexpr Var where(Operand condition, A a, B b) {
  return select(condition, a, b);
}

// Whether one, or every, element along the axes is not 0; of everything, samples included, without
// axes.
constexpr Var any(Operand x, Axes axes) { return max(ir::truth(x), axes); }
constexpr Var any(Operand x, Axes axes, KeepDims) { return max(ir::truth(x), axes, keep_dims); }
constexpr Var any(Operand x) { return greater(sum(ir::truth(x)), 0); }
constexpr Var all(Operand x, Axes axes) { return logical_not(any(logical_not(x), axes)); }
constexpr Var all(Operand x, Axes axes, KeepDims) {
  return logical_not(any(logical_not(x), axes, keep_dims));
}
constexpr Var all(Operand x) { return logical_not(any(logical_not(x))); }

}  // namespace tg
