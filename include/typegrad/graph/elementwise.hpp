// Element-wise operations on symbols, with numbers beside them and NumPy's broadcasting.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>

#include "typegrad/graph/var.hpp"

namespace tg {

template <class T>
concept Number = std::is_arithmetic_v<T>;

// The same number everywhere in `shape`.
constexpr Var constant(ir::Builder* r, double value, const Shape& shape = {},
                       DType dtype = DType::floating) {
  if (dtype == DType::floating) dtype = r->graph.floating;
  ir::Node node{
      .op = Op::constant, .dtype = dtype, .scope = r->scope, .shape = shape, .value = value};
  return {r, r->append(node)};
}

namespace ir {

// The shape that both broadcast to, extents counted from the last axis; rank -1 (past max_rank)
// when there is none.
constexpr bool broadcast_shape(const Shape& a, const Shape& b, Shape& result) {
  const int rank = a.rank() > b.rank() ? a.rank() : b.rank();
  result = {};
  for (int axis = 0; axis < rank; ++axis) {
    const int in_a = axis - (rank - a.rank()), in_b = axis - (rank - b.rank());
    const int extent_a = in_a < 0 ? 1 : a[in_a], extent_b = in_b < 0 ? 1 : b[in_b];
    if (extent_a != extent_b && extent_a != 1 && extent_b != 1) return false;
    result.append(extent_a == 1 ? extent_b : extent_a);
  }
  return true;
}

}  // namespace ir

// x with extents of 1, or axes missing in front, repeated up to `shape`.
constexpr Var broadcast(Var x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Shape common;
  if (!ir::broadcast_shape(x.shape(), shape, common) || common != shape) {
    x.recording()->fail(
        {.kind = FaultKind::shapes_do_not_match, .got = x.shape(), .wanted = shape});
    return constant(x.recording(), 0, shape, x.dtype());
  }
  if (x.node().op == Op::constant) return constant(x.recording(), x.node().value, shape, x.dtype());
  return ir::emit(x.recording(), Op::broadcast, shape, x.dtype(), ir::operands(x));
}

namespace ir {

// The same numbers, of which each is one of the new dtype.
constexpr Var as_dtype(Var x, DType dtype) {
  if (x.dtype() == dtype) return x;
  return emit(x.recording(), Op::cast, x.shape(), dtype, operands(x));
}

// Faults: needs_floating, needs_numbers.
constexpr void check_operand(Op op, Var x) {
  if (is_floating(x.dtype()) || is_comparison(op)) return;
  if (!keeps_whole_numbers(op))
    x.recording()->fail({.kind = FaultKind::needs_floating, .numbers = {int(x.dtype())}});
  else if (!is_number(x.dtype()))
    x.recording()->fail({.kind = FaultKind::needs_numbers, .numbers = {int(x.dtype())}});
}
constexpr DType result_dtype(Op op, Var x) { return is_comparison(op) ? boolean : x.dtype(); }

constexpr Var unary(Op op, Var x) {
  check_operand(op, x);
  return emit(x.recording(), op, x.shape(), result_dtype(op, x), operands(x));
}

constexpr void same_dtype(Var a, Var b) {
  if (a.dtype() != b.dtype())
    a.recording()->fail(
        {.kind = FaultKind::dtypes_do_not_match, .numbers = {int(a.dtype()), int(b.dtype())}});
}

// Of operands of one dtype, whichever it is.
constexpr Var combine(Op op, Var a, Var b) {
  Builder* r = a.recording();
  same_dtype(a, b);
  Shape shape;
  if (!broadcast_shape(a.shape(), b.shape(), shape)) {
    r->fail({.kind = FaultKind::shapes_do_not_match, .got = a.shape(), .wanted = b.shape()});
    return a;
  }
  return emit(r, op, shape, result_dtype(op, a),
              operands(broadcast(a, shape), broadcast(b, shape)));
}

constexpr Var binary(Op op, Var a, Var b) {
  check_operand(op, a);
  return combine(op, a, b);
}

// A number takes the dtype of the symbol beside it, if it has such a value. Fault:
// dtypes_do_not_match.
template <Number N>
constexpr Var number_like(Var x, N value) {
  if constexpr (std::is_floating_point_v<N>) {
    const auto whole = [&] { return value > -1e9 && value < 1e9 && value == N(int(value)); };
    if (!is_floating(x.dtype()) && !whole())
      x.recording()->fail({.kind = FaultKind::dtypes_do_not_match,
                           .numbers = {int(x.dtype()), int(std::is_same_v<N, float> ? f32 : f64)}});
  }
  return constant(x.recording(), double(value), x.shape(), x.dtype());
}
template <Number N>
constexpr Var binary(Op op, Var a, N b) {
  return binary(op, a, number_like(a, b));
}
template <Number N>
constexpr Var binary(Op op, N a, Var b) {
  return binary(op, number_like(b, a), b);
}

}  // namespace ir

// A symbol or a number; at least one of two operands is a symbol.
template <class A, class B>
concept SymbolPair = (std::same_as<A, Var> && (std::same_as<B, Var> || Number<B>)) ||
                     (Number<A> && std::same_as<B, Var>);

// clang-format off
constexpr Var operator-(Var x) { return ir::unary(Op::negate, x); }
constexpr Var abs(Var x) { return ir::unary(Op::absolute, x); }
constexpr Var sign(Var x) { return ir::unary(Op::sign, x); }
constexpr Var exp(Var x) { return ir::unary(Op::exp, x); }
constexpr Var log(Var x) { return ir::unary(Op::log, x); }
constexpr Var log1p(Var x) { return ir::unary(Op::log1p, x); }
constexpr Var expm1(Var x) { return ir::unary(Op::expm1, x); }
constexpr Var sqrt(Var x) { return ir::unary(Op::sqrt, x); }
constexpr Var tanh(Var x) { return ir::unary(Op::tanh, x); }
constexpr Var sigmoid(Var x) { return ir::unary(Op::sigmoid, x); }
constexpr Var softplus(Var x) { return ir::unary(Op::softplus, x); }
constexpr Var relu(Var x) { return ir::unary(Op::relu, x); }
constexpr Var erf(Var x) { return ir::unary(Op::erf, x); }
constexpr Var cos(Var x) { return ir::unary(Op::cosine, x); }
constexpr Var sin(Var x) { return ir::unary(Op::sine, x); }
constexpr Var atan(Var x) { return ir::unary(Op::arctangent, x); }
// The largest whole number that is not larger than x.
constexpr Var floor(Var x) { return ir::unary(Op::floor, x); }

template <class A, class B> requires SymbolPair<A, B> constexpr Var operator+(A a, B b) { return ir::binary(Op::add, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator-(A a, B b) { return ir::binary(Op::subtract, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator*(A a, B b) { return ir::binary(Op::multiply, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator/(A a, B b) { return ir::binary(Op::divide, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var pow(A a, B b) { return ir::binary(Op::power, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var maximum(A a, B b) { return ir::binary(Op::maximum, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var minimum(A a, B b) { return ir::binary(Op::minimum, a, b); }
// The remainder of a / b that has b's sign, as Python's and NumPy's: a - b floor(a / b).
template <class A, class B> requires SymbolPair<A, B> constexpr Var mod(A a, B b) { return ir::binary(Op::modulo, a, b); }
// a / b rounded down; of integers, too.
template <class A, class B> requires SymbolPair<A, B> constexpr Var floor_divide(A a, B b);

// Comparisons are of dtype boolean. What select, any, all and cast take; arithmetic needs a cast.
template <class A, class B> requires SymbolPair<A, B> constexpr Var less(A a, B b) { return ir::binary(Op::less, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var less_equal(A a, B b) { return ir::binary(Op::less_equal, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var greater(A a, B b) { return ir::binary(Op::less, b, a); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var greater_equal(A a, B b) { return ir::binary(Op::less_equal, b, a); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var equal(A a, B b) { return ir::binary(Op::equal, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator<(A a, B b) { return less(a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator<=(A a, B b) { return less_equal(a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator>(A a, B b) { return greater(a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator>=(A a, B b) { return greater_equal(a, b); }
// clang-format on

constexpr Var square(Var x) { return x * x; }

// a where `condition` is not 0, else b: chosen, never multiplied, so what is not chosen may be
// anything.
constexpr Var select(Var condition, Var a, Var b) {
  ir::same_dtype(a, b);
  Shape pair, shape;
  if (!ir::broadcast_shape(a.shape(), b.shape(), pair) ||
      !ir::broadcast_shape(condition.shape(), pair, shape)) {
    a.recording()->fail(
        {.kind = FaultKind::shapes_do_not_match, .got = a.shape(), .wanted = b.shape()});
    return a;
  }
  return ir::emit(
      a.recording(), Op::select, shape, a.dtype(),
      ir::operands(broadcast(condition, shape), broadcast(a, shape), broadcast(b, shape)));
}
template <Number N>
constexpr Var select(Var condition, Var a, N b) {
  return select(condition, a, ir::number_like(a, b));
}
template <Number N>
constexpr Var select(Var condition, N a, Var b) {
  return select(condition, ir::number_like(b, a), b);
}
// Two numbers take the dtype of the model.
template <Number N>
constexpr Var select(Var condition, N a, N b) {
  return select(condition, constant(condition.recording(), double(a), condition.shape()), b);
}

// x itself, but no gradient flows through it: what depends on it alone is disconnected.
constexpr Var stop_gradient(Var x) {
  return ir::emit(x.recording(), Op::stop_gradient, x.shape(), x.dtype(), ir::operands(x));
}

// x as another dtype. Integers get the whole part of a real number, bytes what is left of it when
// 256 is taken away as often as it goes, truth values whether it is not 0.
constexpr Var cast(Var x, DType dtype) {
  if (dtype == DType::floating) dtype = x.recording()->graph.floating;
  if (x.dtype() == dtype) return x;
  if (is_half(dtype)) {
    x.recording()->fail({.kind = FaultKind::half_in_a_definition, .numbers = {int(dtype)}});
    return x;
  }
  if (dtype == boolean) return ir::unary(Op::logical_not, ir::unary(Op::logical_not, x));
  if (is_integer(dtype) && is_floating(x.dtype())) x = select(less(x, 0), -floor(-x), floor(x));
  if (dtype == u8 && is_number(x.dtype())) x = mod(x, 256);
  return ir::as_dtype(x, dtype);
}

template <class A, class B>
requires SymbolPair<A, B>
constexpr Var floor_divide(A a, B b) {
  if constexpr (std::same_as<A, Var>) {
    const Var whole = a - mod(a, b);  // a multiple of b
    const Var divisor = [&] {
      if constexpr (std::same_as<B, Var>)
        return b;
      else
        return ir::number_like(a, b);
    }();
    const Var quotient = ir::combine(Op::divide, whole, divisor);
    return is_floating(a.dtype()) ? floor(quotient + 0.5) : quotient;
  } else {
    return floor_divide(ir::number_like(b, a), b);
  }
}

}  // namespace tg
