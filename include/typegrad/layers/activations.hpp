// Functions of each element, and of each vector of classes.
// SPDX-License-Identifier: MIT
#pragma once
#include <numbers>

#include "typegrad/graph/scope.hpp"

namespace tg {

// max(x, 0)
struct Relu {
  static constexpr Var define(Scope&, Var x) { return relu(x); }
};

// min(max(x, 0), 6) (Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010).
struct Relu6 {
  static constexpr Var define(Scope&, Var x) { return minimum(relu(x), 6.0); }
};

// x where x > 0, else Slope * x
// (Maas et al., "Rectifier nonlinearities improve neural network acoustic models", 2013).
template <auto Slope = 0.01>
struct LeakyRelu {
  static constexpr Var define(Scope&, Var x) {
    return select(less(constant(x.builder(), 0, {}, x.dtype()), x), x, x * Slope);
  }
};

// (exp(x) - exp(-x)) / (exp(x) + exp(-x))
struct Tanh {
  static constexpr Var define(Scope&, Var x) { return tanh(x); }
};

// 1 / (1 + exp(-x))
struct Sigmoid {
  static constexpr Var define(Scope&, Var x) { return sigmoid(x); }
};

// log(1 + exp(x))
struct Softplus {
  static constexpr Var define(Scope&, Var x) { return softplus(x); }
};

// x P(X <= x) for a standard normal X: x (1 + erf(x / sqrt 2)) / 2
// (Hendrycks and Gimpel, "Gaussian error linear units", 2016).
struct Gelu {
  static constexpr Var define(Scope&, Var x) {
    return x * 0.5 * (1 + erf(x * (std::numbers::sqrt2 / 2)));
  }
};

// x sigmoid(x) (Elfwing et al., "Sigmoid-weighted linear units", 2017; "swish").
struct Silu {
  static constexpr Var define(Scope&, Var x) { return x * sigmoid(x); }
};

// exp(x) / sum(exp(x)) along the last axis. For training, leave it out: CrossEntropy takes logits.
struct Softmax {
  static constexpr Var define(Scope&, Var x) { return softmax(x); }
};

// log(softmax(x)) along the last axis.
struct LogSoftmax {
  static constexpr Var define(Scope&, Var x) { return log_softmax(x); }
};

}  // namespace tg
