// A value with a gradient that the user defines, and what is made of that.
// SPDX-License-Identifier: MIT
#pragma once
#include <concepts>

#include "typegrad/graph/elementwise.hpp"

namespace tg {

namespace ir {

// What a definition says about the gradient of y = custom_gradient(value, x…).
struct CustomRow {
  // Post: adjoint[i] is that of operand i + 1 of y, or no symbol.
  void (*differentiate)(Var* adjoint, Var y, Var dy);
};

// Fault: gradient_does_not_fit.
constexpr Var fitting_gradient(Var gradient, Var x) {
  if (gradient.shape() == x.shape() && gradient.dtype() == x.dtype()) return gradient;
  x.recording()->fail(
      {.kind = FaultKind::gradient_does_not_fit, .got = gradient.shape(), .wanted = x.shape()});
  return constant(x.recording(), 0, x.shape(), x.dtype());
}

template <class Definition, int Inputs>
constexpr void differentiate_custom(Var* adjoint, Var y, Var dy) {
  const auto results = [&] {
    if constexpr (Inputs == 1)
      return std::array<Var, 1>{Definition::gradient(y.operand(1), y, dy)};
    else
      return Definition::gradient(y.operand(1), y.operand(2), y, dy);
  }();
  static_assert(results.size() == Inputs, "gradient(…) gives a symbol for each input");
  for (int i = 0; i < Inputs; ++i) adjoint[i] = fitting_gradient(results[i], y.operand(i + 1));
}

template <class Definition, int Inputs>
inline constexpr CustomRow custom_row{&differentiate_custom<Definition, Inputs>};

}  // namespace ir

// Definition::value(x…), whose gradient with respect to x… is what Definition::gradient(x…, y, dy)
// says, whatever value is made of: a symbol of x's shape, or of two inputs an array of two
// (tg::outputs, std::array). y is the value, dy its adjoint. Fault: gradient_does_not_fit.
template <class Definition, std::same_as<Var>... Vars>
requires(sizeof...(Vars) == 1 || sizeof...(Vars) == 2) constexpr Var custom_gradient(Vars... x) {
  const Var value = Definition::value(x...);
  return ir::emit(value.recording(), Op::custom_gradient, value.shape(), value.dtype(),
                  ir::operands(value, x...), {}, &ir::custom_row<Definition, int(sizeof...(Vars))>);
}

namespace gradients {

struct Zero {
  static constexpr Var value(Var x) { return x; }
  static constexpr Var gradient(Var x, Var, Var) {
    return constant(x.recording(), 0, x.shape(), x.dtype());
  }
};
struct Scaled {
  static constexpr Var value(Var x, Var) { return x; }
  static constexpr std::array<Var, 2> gradient(Var, Var factor, Var, Var dy) {
    return {dy * factor, constant(dy.recording(), 0, {}, dy.dtype())};
  }
};
struct AtLeast {
  static constexpr Var value(Var x, Var) { return x; }
  static constexpr std::array<Var, 2> gradient(Var, Var low, Var, Var dy) {
    return {maximum(dy, low), constant(dy.recording(), 0, {}, dy.dtype())};
  }
};
struct AtMost {
  static constexpr Var value(Var x, Var) { return x; }
  static constexpr std::array<Var, 2> gradient(Var, Var high, Var, Var dy) {
    return {minimum(dy, high), constant(dy.recording(), 0, {}, dy.dtype())};
  }
};

}  // namespace gradients

// x, whose gradient is 0: other than behind stop_gradient, what depends on it alone is connected.
// Theano's zero_grad and consider_constant.
constexpr Var zero_gradient(Var x) { return custom_gradient<gradients::Zero>(x); }
// x, whose gradient is multiplied by `factor`; -1 reverses it (Ganin and Lempitsky, "Unsupervised
// domain adaptation by backpropagation", 2015).
constexpr Var grad_scale(Var x, double factor) {
  return custom_gradient<gradients::Scaled>(x, constant(x.recording(), factor, {}, x.dtype()));
}
// x, whose gradient is cut off, element by element, at `low` and `high`.
constexpr Var grad_clip(Var x, double low, double high) {
  const auto bound = [&](double value) { return constant(x.recording(), value, {}, x.dtype()); };
  return custom_gradient<gradients::AtLeast>(custom_gradient<gradients::AtMost>(x, bound(high)),
                                             bound(low));
}

}  // namespace tg
