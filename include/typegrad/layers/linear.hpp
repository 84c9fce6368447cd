// A matrix and a bias: y = W x + b.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

namespace layers {

// Linear for layers that are made of several: any number of outputs. Pre: x is (K) or (tokens, K).
template <bool HasBias, class WeightFiller, class BiasFiller>
constexpr Var linear(Scope& s, Var x, int outputs, const WeightFiller& filler,
                     const BiasFiller& bias_filler) {
  const Shape shape = x.shape();
  const Var weight = s.parameter("weight", {outputs, shape[shape.rank() - 1]}, filler);
  const Var product = shape.rank() == 1 ? matmul(weight, x) : matmul(x, transpose(weight));
  if constexpr (HasBias)
    return product + s.parameter("bias", {outputs}, bias_filler);
  else
    return product;
}

}  // namespace layers

// x (K) -> y (Outputs) = weight (Outputs, K) x + bias (Outputs). torch.nn.Linear, N2D2's Fc.
// x (tokens, K) -> y (tokens, Outputs), each token by itself. An image needs Flatten first: along
// its width alone, as PyTorch would take it, a Linear is hardly ever meant.
// Options: no_bias, filler, bias_filler. Fault: needs_vector when x is neither.
template <int Outputs, auto... Options>
struct Linear {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<Linear, Options...>;
    options::template allow<Subject::bias, Subject::filler, Subject::bias_filler>(s);

    const Shape shape = x.shape();
    if (shape.rank() != 1 && shape.rank() != 2)
      return s.fault(x, {.kind = FaultKind::needs_vector, .got = shape});
    if (Outputs < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Outputs}});

    return layers::linear<options::template get<Subject::bias>(true)>(
        s, x, Outputs, options::template get<Subject::filler>(TorchDefault{}),
        options::template get<Subject::bias_filler>(TorchDefault{shape[shape.rank() - 1]}));
  }
};

}  // namespace tg
