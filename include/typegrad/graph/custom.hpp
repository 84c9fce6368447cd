// A value with a gradient that the user defines, and what is made of that.
// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <concepts>

#include "typegrad/core/elements.hpp"
#include "typegrad/graph/elementwise.hpp"

namespace tg {

// One sample's evaluation of an operation of one's own.
template <class T>
struct OperationCall {
  Elements<const T> in[ir::max_operands];
  Elements<T> out;
  Shape shape[ir::max_operands];  // of the operands
  Shape result;
};

namespace ir {

// What a kernel said went wrong, and where that is in the user's code; the first counts.
struct Failure {
  std::atomic<const char*> why = nullptr;
  Place place{};

  void note(const char* what, const Place& at = {}) {
    const char* none = nullptr;
    if (why.compare_exchange_strong(none, what, std::memory_order_relaxed)) place = at;
  }
};

// The same once the call has ended: null, or what went wrong; then what comes behind was not run.
struct Outcome {
  const char* failure = nullptr;
  Place place{};
};

}  // namespace ir

// The same for a tile of samples on the CPU: element e of sample `lane` is in[i][e * lanes + lane];
// of what samples share (spaces[i]) it is in[i][e]. The result is per sample, [element][lane],
// unless all operands are shared. Lanes from `active` on repeat a sample. After `fail` the call of
// the function throws Error, at the latest when it ends.
template <class T>
struct LanesCall {
  const T* in[ir::max_operands];
  ir::Space spaces[ir::max_operands];
  T* out;
  Shape shape[ir::max_operands];
  Shape result;
  int lanes = 1, active = 1;
  std::int64_t first_sample = 0;
  ir::Place place{};  // the line where the operation was written
  ir::Failure* failure = nullptr;

  void fail(const char* why) const { failure->note(why, place); }
};

namespace ir {

// What a user says about an operation: graph/operation.hpp, and here about a gradient.
struct CustomRow {
  // Post: adjoint[i] is that of the i-th of the user's operands, or no symbol.
  void (*differentiate)(Var* adjoint, Var y, Var dy) = nullptr;
  bool differentiable = false;
  bool asserts = false;  // it is its first operand, or fails
  // Of an operation.
  const char* name = "";
  Shape (*shape)(const Shape* operands) = nullptr;
  void (*compute_f32)(const OperationCall<float>&) = nullptr;
  void (*compute_f64)(const OperationCall<double>&) = nullptr;
  bool has_cpu = false;
  void (*cpu_f32)(const LanesCall<float>&) = nullptr;
  void (*cpu_f64)(const LanesCall<double>&) = nullptr;
  bool has_cuda = false;  // of the type behind the row: graph/row_type.hpp

  template <class T>
  constexpr auto compute() const {
    if constexpr (sizeof(T) == 8)
      return compute_f64;
    else
      return compute_f32;
  }
  template <class T>
  constexpr auto cpu() const {
    if constexpr (sizeof(T) == 8)
      return cpu_f64;
    else
      return cpu_f32;
  }
};

// What an error calls a node: a user's operation has a name of its own.
constexpr const char* name_of(const Node& node) {
  return node.op == Op::custom ? node.row->name : tg::name_of(node.op).data();
}

// Fault: gradient_does_not_fit.
constexpr Var fitting_gradient(Var gradient, Var x) {
  if (gradient.shape() == x.shape() && gradient.dtype() == x.dtype()) return gradient;
  x.builder()->fail(
      {.kind = FaultKind::gradient_does_not_fit, .got = gradient.shape(), .wanted = x.shape()});
  return constant(x.builder(), 0, x.shape(), x.dtype());
}

// The user's operands are those of y from First on.
template <class Definition, int Inputs, int First>
constexpr void differentiate_custom(Var* adjoint, Var y, Var dy) {
  const auto results = [&]<int... I>(std::integer_sequence<int, I...>) {
    if constexpr (Inputs == 1)
      return std::array<Var, 1>{Definition::gradient(y.operand(First), y, dy)};
    else
      return Definition::gradient(y.operand(First + I)..., y, dy);
  }
  (std::make_integer_sequence<int, Inputs>{});
  static_assert(results.size() == Inputs, "gradient(…) gives a symbol for each input");
  for (int i = 0; i < Inputs; ++i) adjoint[i] = fitting_gradient(results[i], y.operand(First + i));
}

template <class Definition, int Inputs>
inline constexpr CustomRow gradient_row{
    .differentiate = &differentiate_custom<Definition, Inputs, 1>, .differentiable = true};

}  // namespace ir

// Definition::value(x…), whose gradient with respect to x… is what Definition::gradient(x…, y, dy)
// says, whatever value is made of: a symbol of x's shape, or of two inputs an array of two
// (tg::outputs, std::array). y is the value, dy its adjoint. Fault: gradient_does_not_fit.
template <class Definition, std::same_as<Var>... Second>
requires(sizeof...(Second) <= 1) constexpr Var custom_gradient(Operand first, Second... second) {
  const Var x = first;
  ir::Builder* r = x.builder();
  const std::int16_t place = r->place;
  const Var value = Definition::value(x, second...);
  r->place = place;
  return ir::emit(r, Op::custom_gradient, value.shape(), value.dtype(),
                  ir::operands(value, x, second...), {},
                  &ir::gradient_row<Definition, 1 + int(sizeof...(Second))>);
}

namespace gradients {

struct Zero {
  static constexpr Var value(Var x) { return x; }
  static constexpr Var gradient(Var x, Var, Var) {
    return constant(x.builder(), 0, x.shape(), x.dtype());
  }
};
struct Scaled {
  static constexpr Var value(Var x, Var) { return x; }
  static constexpr std::array<Var, 2> gradient(Var, Var factor, Var, Var dy) {
    return {dy * factor, constant(dy.builder(), 0, {}, dy.dtype())};
  }
};
struct AtLeast {
  static constexpr Var value(Var x, Var) { return x; }
  static constexpr std::array<Var, 2> gradient(Var, Var low, Var, Var dy) {
    return {maximum(dy, low), constant(dy.builder(), 0, {}, dy.dtype())};
  }
};
struct AtMost {
  static constexpr Var value(Var x, Var) { return x; }
  static constexpr std::array<Var, 2> gradient(Var, Var high, Var, Var dy) {
    return {minimum(dy, high), constant(dy.builder(), 0, {}, dy.dtype())};
  }
};

}  // namespace gradients

// x, whose gradient is 0: other than behind stop_gradient, what depends on it alone is connected.
constexpr Var zero_gradient(Operand x) { return custom_gradient<gradients::Zero>(x); }
// Theano's name for it.
constexpr Var consider_constant(Operand x) { return zero_gradient(x); }
// x, whose gradient is multiplied by `factor`; -1 reverses it (Ganin and Lempitsky, "Unsupervised
// domain adaptation by backpropagation", 2015).
constexpr Var grad_scale(Operand x, double factor) {
  return custom_gradient<gradients::Scaled>(x, constant(x.builder(), factor, {}, x.dtype()));
}
// x, whose gradient is cut off, element by element, at `low` and `high`.
constexpr Var grad_clip(Operand x, double low, double high) {
  const auto bound = [&](double value) { return constant(x.builder(), value, {}, x.dtype()); };
  return custom_gradient<gradients::AtLeast>(custom_gradient<gradients::AtMost>(x, bound(high)),
                                             bound(low));
}

}  // namespace tg
