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
constexpr Var broadcast(Operand x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Shape common;
  if (!ir::broadcast_shape(x.shape(), shape, common) || common != shape) {
    x.builder()->fail({.kind = FaultKind::shapes_do_not_match,
                       .got = x.shape(),
                       .wanted = shape,
                       .name = "broadcast"});
    return constant(x.builder(), 0, shape, x.dtype());
  }
  if (x.node().op == Op::constant) return constant(x.builder(), x.node().value, shape, x.dtype());
  return ir::emit(x.builder(), Op::broadcast, shape, x.dtype(), ir::operands(x));
}

namespace ir {

// The same numbers, of which each is one of the new dtype.
constexpr Var as_dtype(Var x, DType dtype) {
  if (x.dtype() == dtype) return x;
  return emit(x.builder(), Op::cast, x.shape(), dtype, operands(x));
}

// Faults: needs_floating, needs_numbers.
constexpr void check_operand(Op op, Var x) {
  if (is_floating(x.dtype()) || is_comparison(op)) return;
  if (!keeps_whole_numbers(op))
    x.builder()->fail({.kind = FaultKind::needs_floating,
                       .numbers = {int(x.dtype())},
                       .name = name_of(op).data()});
  else if (!is_number(x.dtype()))
    x.builder()->fail({.kind = FaultKind::needs_numbers,
                       .numbers = {int(x.dtype())},
                       .name = name_of(op).data()});
}
constexpr DType result_dtype(Op op, Var x) { return is_comparison(op) ? boolean : x.dtype(); }

constexpr Var unary(Op op, Var x) {
  check_operand(op, x);
  return emit(x.builder(), op, x.shape(), result_dtype(op, x), operands(x));
}

constexpr void same_dtype(const char* operation, Var a, Var b) {
  if (a.dtype() != b.dtype())
    a.builder()->fail({.kind = FaultKind::dtypes_do_not_match,
                       .numbers = {int(a.dtype()), int(b.dtype())},
                       .name = operation});
}

// Of operands of one dtype, whichever it is.
constexpr Var combine(Op op, Var a, Var b) {
  Builder* r = a.builder();
  same_dtype(name_of(op).data(), a, b);
  Shape shape;
  if (!broadcast_shape(a.shape(), b.shape(), shape)) {
    r->fail({.kind = FaultKind::shapes_do_not_match,
             .got = a.shape(),
             .wanted = b.shape(),
             .name = name_of(op).data()});
    return a;
  }
  return emit(r, op, shape, result_dtype(op, a),
              operands(broadcast(a, shape), broadcast(b, shape)));
}

}  // namespace ir

// A symbol or a number beside one, of which it takes the dtype if it has such a value.
class Term {
 public:
  constexpr Term(Var x) : symbol(x) {}
  template <Number N>
  constexpr Term(N x)
      : number(double(x)),
        dtype(std::is_integral_v<N>      ? DType::i32
              : std::is_same_v<N, float> ? DType::f32
                                         : DType::f64) {}

  // Fault: dtypes_do_not_match.
  constexpr Var beside(Var like) const {
    if (symbol.builder() != nullptr) return symbol;
    if (!is_floating(like.dtype()) && !is_whole())
      like.builder()->fail(
          {.kind = FaultKind::dtypes_do_not_match, .numbers = {int(like.dtype()), int(dtype)}});
    return constant(like.builder(), number, like.shape(), like.dtype());
  }

 private:
  constexpr bool is_whole() const {
    return dtype == DType::i32 || (number > -1e9 && number < 1e9 && number == int(number));
  }

  Var symbol{};
  double number = 0;
  DType dtype{};
};

namespace ir {

constexpr Var binary(Op op, Var a, Var b) {
  check_operand(op, a);
  return combine(op, a, b);
}
constexpr Var binary(Op op, Var a, const Term& b) { return binary(op, a, b.beside(a)); }
constexpr Var binary(Op op, const Term& a, Var b) { return binary(op, a.beside(b), b); }

}  // namespace ir

// clang-format off
constexpr Var operator-(Operand x) { return ir::unary(Op::negate, x); }
constexpr Var abs(Operand x) { return ir::unary(Op::absolute, x); }
constexpr Var sign(Operand x) { return ir::unary(Op::sign, x); }
constexpr Var exp(Operand x) { return ir::unary(Op::exp, x); }
constexpr Var log(Operand x) { return ir::unary(Op::log, x); }
constexpr Var log1p(Operand x) { return ir::unary(Op::log1p, x); }
constexpr Var expm1(Operand x) { return ir::unary(Op::expm1, x); }
constexpr Var sqrt(Operand x) { return ir::unary(Op::sqrt, x); }
constexpr Var tanh(Operand x) { return ir::unary(Op::tanh, x); }
constexpr Var sigmoid(Operand x) { return ir::unary(Op::sigmoid, x); }
constexpr Var softplus(Operand x) { return ir::unary(Op::softplus, x); }
constexpr Var relu(Operand x) { return ir::unary(Op::relu, x); }
constexpr Var erf(Operand x) { return ir::unary(Op::erf, x); }
constexpr Var erfc(Operand x) { return ir::unary(Op::erfc, x); }    // 1 - erf(x), which keeps what is small
constexpr Var erfcx(Operand x) { return ir::unary(Op::erfcx, x); }  // exp(x^2) erfc(x), about 0.56 / x where x is large
constexpr Var cos(Operand x) { return ir::unary(Op::cosine, x); }
constexpr Var sin(Operand x) { return ir::unary(Op::sine, x); }
constexpr Var atan(Operand x) { return ir::unary(Op::arctangent, x); }
// The largest whole number that is not larger than x.
constexpr Var floor(Operand x) { return ir::unary(Op::floor, x); }

constexpr Var operator+(Operand a, Term b) { return ir::binary(Op::add, a, b); }
constexpr Var operator+(Number auto a, Operand b) { return ir::binary(Op::add, a, b); }
constexpr Var operator-(Operand a, Term b) { return ir::binary(Op::subtract, a, b); }
constexpr Var operator-(Number auto a, Operand b) { return ir::binary(Op::subtract, a, b); }
constexpr Var operator*(Operand a, Term b) { return ir::binary(Op::multiply, a, b); }
constexpr Var operator*(Number auto a, Operand b) { return ir::binary(Op::multiply, a, b); }
constexpr Var operator/(Operand a, Term b) { return ir::binary(Op::divide, a, b); }
constexpr Var operator/(Number auto a, Operand b) { return ir::binary(Op::divide, a, b); }
constexpr Var pow(Operand a, Term b) { return ir::binary(Op::power, a, b); }
constexpr Var pow(Number auto a, Operand b) { return ir::binary(Op::power, a, b); }
constexpr Var maximum(Operand a, Term b) { return ir::binary(Op::maximum, a, b); }
constexpr Var maximum(Number auto a, Operand b) { return ir::binary(Op::maximum, a, b); }
constexpr Var minimum(Operand a, Term b) { return ir::binary(Op::minimum, a, b); }
constexpr Var minimum(Number auto a, Operand b) { return ir::binary(Op::minimum, a, b); }
// The remainder of a / b that has b's sign, as Python's and NumPy's: a - b floor(a / b).
constexpr Var mod(Operand a, Term b) { return ir::binary(Op::modulo, a, b); }
constexpr Var mod(Number auto a, Operand b) { return ir::binary(Op::modulo, a, b); }

// Comparisons are of dtype boolean. What select, any, all and cast take; arithmetic needs a cast.
constexpr Var less(Operand a, Term b) { return ir::binary(Op::less, a, b); }
constexpr Var less(Number auto a, Operand b) { return ir::binary(Op::less, a, b); }
constexpr Var less_equal(Operand a, Term b) { return ir::binary(Op::less_equal, a, b); }
constexpr Var less_equal(Number auto a, Operand b) { return ir::binary(Op::less_equal, a, b); }
constexpr Var greater(Operand a, Term b) { return ir::binary(Op::less, b, a); }
constexpr Var greater(Number auto a, Operand b) { return ir::binary(Op::less, b, a); }
constexpr Var greater_equal(Operand a, Term b) { return ir::binary(Op::less_equal, b, a); }
constexpr Var greater_equal(Number auto a, Operand b) { return ir::binary(Op::less_equal, b, a); }
constexpr Var equal(Operand a, Term b) { return ir::binary(Op::equal, a, b); }
constexpr Var equal(Number auto a, Operand b) { return ir::binary(Op::equal, a, b); }
constexpr Var operator<(Operand a, Term b) { return less(a, b); }
constexpr Var operator<(Number auto a, Operand b) { return less(a, b); }
constexpr Var operator<=(Operand a, Term b) { return less_equal(a, b); }
constexpr Var operator<=(Number auto a, Operand b) { return less_equal(a, b); }
constexpr Var operator>(Operand a, Term b) { return greater(a, b); }
constexpr Var operator>(Number auto a, Operand b) { return greater(a, b); }
constexpr Var operator>=(Operand a, Term b) { return greater_equal(a, b); }
constexpr Var operator>=(Number auto a, Operand b) { return greater_equal(a, b); }
// clang-format on

constexpr Var square(Operand x) { return x * x; }

// a where `condition` is not 0, else b: chosen, never multiplied, so what is not chosen may be
// anything.
constexpr Var select(Operand condition, Var a, Term other) {
  const Var b = other.beside(a);
  ir::same_dtype("select", a, b);
  Shape pair, shape;
  if (!ir::broadcast_shape(a.shape(), b.shape(), pair) ||
      !ir::broadcast_shape(condition.shape(), pair, shape)) {
    a.builder()->fail({.kind = FaultKind::shapes_do_not_match,
                       .got = a.shape(),
                       .wanted = b.shape(),
                       .name = "select"});
    return a;
  }
  return ir::emit(
      a.builder(), Op::select, shape, a.dtype(),
      ir::operands(broadcast(condition, shape), broadcast(a, shape), broadcast(b, shape)));
}
constexpr Var select(Operand condition, Number auto a, Var b) {
  return select(condition, Term(a).beside(b), b);
}
// Two numbers take the dtype of the model.
template <Number N>
constexpr Var select(Operand condition, N a, N b) {
  return select(condition, constant(condition.builder(), double(a), condition.shape()), b);
}

// x itself, but no gradient flows through it: what depends on it alone is disconnected.
constexpr Var stop_gradient(Operand x) {
  return ir::emit(x.builder(), Op::stop_gradient, x.shape(), x.dtype(), ir::operands(x));
}

// x as another dtype. Integers get the whole part of a real number, short ones what their bits hold
// of it (300 is 44 as u8 and i8, 200 is -56 as i8), truth values whether it is not 0.
constexpr Var cast(Operand from, DType dtype) {
  Var x = from;
  if (dtype == DType::floating) dtype = x.builder()->graph.floating;
  if (x.dtype() == dtype) return x;
  if (is_half(dtype)) {
    x.builder()->fail({.kind = FaultKind::half_in_a_definition, .numbers = {int(dtype)}});
    return x;
  }
  if (dtype == boolean) return ir::unary(Op::logical_not, ir::unary(Op::logical_not, x));
  if (is_integer(dtype) && is_floating(x.dtype())) x = select(less(x, 0), -floor(-x), floor(x));
  if (is_short(dtype) && x.dtype() != boolean) {
    if (!is_number(x.dtype())) x = ir::as_dtype(x, i32);
    const int lowest = lowest_of(dtype), count = highest_of(dtype) - lowest + 1;
    x = lowest == 0 ? mod(x, count) : mod(x - lowest, count) + lowest;
  }
  return ir::as_dtype(x, dtype);
}

// a / b rounded down; of integers, too.
constexpr Var floor_divide(Operand a, Term b) {
  const Var whole = a - mod(a, b);  // a multiple of b
  const Var quotient = ir::combine(Op::divide, whole, b.beside(a));
  return is_floating(a.dtype()) ? floor(quotient + 0.5) : quotient;
}
constexpr Var floor_divide(Number auto a, Operand b) { return floor_divide(Term(a).beside(b), b); }

}  // namespace tg
