// Steps scaled by running moments of the gradient.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

namespace solver_parts {

// learning_rate * m' / (sqrt(v') + epsilon), with
//   m = beta1 m + (1 - beta1) g,    m' = m / (1 - beta1^t)
//   v = beta2 v + (1 - beta2) g^2,  v' = v / (1 - beta2^t)
template <class Solver>
constexpr Var adam_step(Scope& s, Var gradient) {
  const Var beta1 = s.setting<&Solver::beta1>(), beta2 = s.setting<&Solver::beta2>();
  const Var step = s.shared("step", {});
  const Var first = s.shared("first_moment", gradient.shape());
  const Var second = s.shared("second_moment", gradient.shape());

  const Var t = step + 1;
  const Var m = beta1 * first + (1 - beta1) * gradient;
  const Var v = beta2 * second + (1 - beta2) * square(gradient);
  s.update(step, t);
  s.update(first, m);
  s.update(second, v);
  // 1 - beta^t, exact also where beta^t is near 1.
  const Var correction1 = -expm1(t * log(beta1)), correction2 = -expm1(t * log(beta2));
  // The corrections meet in two numbers, so that an element costs one root and one division.
  const Var root = sqrt(correction2);
  const Var rate = s.setting<&Solver::learning_rate>() * root / correction1;
  return rate * m / (sqrt(v) + s.setting<&Solver::epsilon>() * root);
}

}  // namespace solver_parts

// torch.optim.Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2014).
// weight_decay w is added to the gradient.
struct Adam {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;

  static constexpr Var define(Scope& s, Var weight, Var gradient) {
    return weight -
           solver_parts::adam_step<Adam>(s, gradient + s.setting<&Adam::weight_decay>() * weight);
  }
};

// torch.optim.AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2017).
// The weight itself shrinks, by learning_rate weight_decay w.
struct AdamW {
  double learning_rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 1e-2;

  static constexpr Var define(Scope& s, Var weight, Var gradient) {
    const Var kept = 1 - s.setting<&AdamW::learning_rate>() * s.setting<&AdamW::weight_decay>();
    return weight * kept - solver_parts::adam_step<AdamW>(s, gradient);
  }
};

}  // namespace tg
