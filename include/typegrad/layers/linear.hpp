// A matrix and a bias: y = W x + b.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

// x (K) -> y (Outputs) = weight (Outputs, K) x + bias (Outputs). torch.nn.Linear, N2D2's Fc.
// Options: no_bias, filler, bias_filler. Fault: needs_vector when x is not a vector.
template <int Outputs, auto... Options>
struct Linear {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<Linear, Options...>;
    options::template allow<Subject::bias, Subject::filler, Subject::bias_filler>(s);

    const Shape shape = x.shape();
    if (shape.rank() != 1) return s.fault(x, {.kind = FaultKind::needs_vector, .got = shape});
    if (Outputs < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Outputs}});

    const Var weight = s.parameter("weight", {Outputs, shape[0]},
                                   options::template get<Subject::filler>(TorchDefault{}));
    const Var product = matmul(weight, x);
    if constexpr (!options::template get<Subject::bias>(true))
      return product;
    else
      return product +
             s.parameter("bias", {Outputs},
                         options::template get<Subject::bias_filler>(TorchDefault{shape[0]}));
  }
};

}  // namespace tg
