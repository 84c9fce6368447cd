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
  if (dtype == DType::floating) dtype = r->floating;
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

constexpr Var unary(Op op, Var x) {
  return emit(x.recording(), op, x.shape(), x.dtype(), operands(x));
}

constexpr void same_dtype(Var a, Var b) {
  if (a.dtype() != b.dtype())
    a.recording()->fail(
        {.kind = FaultKind::dtypes_do_not_match, .numbers = {int(a.dtype()), int(b.dtype())}});
}

constexpr Var binary(Op op, Var a, Var b) {
  Builder* r = a.recording();
  same_dtype(a, b);
  Shape shape;
  if (!broadcast_shape(a.shape(), b.shape(), shape)) {
    r->fail({.kind = FaultKind::shapes_do_not_match, .got = a.shape(), .wanted = b.shape()});
    return a;
  }
  return emit(r, op, shape, a.dtype(), operands(broadcast(a, shape), broadcast(b, shape)));
}
template <Number N>
constexpr Var binary(Op op, Var a, N b) {
  return binary(op, a, constant(a.recording(), double(b), a.shape(), a.dtype()));
}
template <Number N>
constexpr Var binary(Op op, N a, Var b) {
  return binary(op, constant(b.recording(), double(a), b.shape(), b.dtype()), b);
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

template <class A, class B> requires SymbolPair<A, B> constexpr Var operator+(A a, B b) { return ir::binary(Op::add, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator-(A a, B b) { return ir::binary(Op::subtract, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator*(A a, B b) { return ir::binary(Op::multiply, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var operator/(A a, B b) { return ir::binary(Op::divide, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var pow(A a, B b) { return ir::binary(Op::power, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var maximum(A a, B b) { return ir::binary(Op::maximum, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var minimum(A a, B b) { return ir::binary(Op::minimum, a, b); }
// Comparisons give 1 or 0 in the operands' dtype.
template <class A, class B> requires SymbolPair<A, B> constexpr Var less(A a, B b) { return ir::binary(Op::less, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var less_equal(A a, B b) { return ir::binary(Op::less_equal, a, b); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var greater(A a, B b) { return ir::binary(Op::less, b, a); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var greater_equal(A a, B b) { return ir::binary(Op::less_equal, b, a); }
template <class A, class B> requires SymbolPair<A, B> constexpr Var equal(A a, B b) { return ir::binary(Op::equal, a, b); }
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
  return select(condition, a, constant(a.recording(), double(b), a.shape(), a.dtype()));
}
template <Number N>
constexpr Var select(Var condition, N a, Var b) {
  return select(condition, constant(b.recording(), double(a), b.shape(), b.dtype()), b);
}

// x itself, but no gradient flows through it.
constexpr Var stop_gradient(Var x) { return ir::unary(Op::stop_gradient, x); }

constexpr Var cast(Var x, DType dtype) {
  if (dtype == DType::floating) dtype = x.recording()->floating;
  if (x.dtype() == dtype) return x;
  return ir::emit(x.recording(), Op::cast, x.shape(), dtype, ir::operands(x));
}

}  // namespace tg
