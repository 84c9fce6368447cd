// What training makes small: one number, the mean over the samples. Each declares its own target.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/scope.hpp"

namespace tg {

// prediction (classes), logits; target one integer per sample. e = label_smoothing:
//   mean over samples of  -(1 - e) log p[target] - e mean(log p),  p = softmax(prediction)
// torch.nn.CrossEntropyLoss
// (smoothing: Szegedy et al., "Rethinking the Inception architecture", 2015).
// Fault: target_does_not_fit when the prediction is not a vector of at least 2 classes.
struct CrossEntropy {
  double label_smoothing = 0;

  static constexpr Var define(Scope& s, Var prediction) {
    const Shape shape = prediction.shape();
    const Var target = s.label("target");
    if (shape.rank() != 1 || shape[0] < 2)
      return s.fault(mean(prediction), {.kind = FaultKind::target_does_not_fit, .got = shape});
    const Var smoothing = s.setting<&CrossEntropy::label_smoothing>();
    const Var log_p = log_softmax(prediction);
    return -mean((1 - smoothing) * pick(log_p, target) + smoothing * mean(log_p, within));
  }
};

// prediction and target of one shape: mean of (prediction - target)^2. torch.nn.MSELoss.
struct MeanSquaredError {
  static constexpr Var define(Scope& s, Var prediction) {
    return mean(square(prediction - s.input("target", prediction.shape())));
  }
};

// prediction and target of one shape: mean of |prediction - target|. torch.nn.L1Loss.
struct MeanAbsoluteError {
  static constexpr Var define(Scope& s, Var prediction) {
    return mean(abs(prediction - s.input("target", prediction.shape())));
  }
};

// prediction x: logits; target t of the same shape, in 0 … 1. torch.nn.BCEWithLogitsLoss.
//   mean of  -t log sigmoid(x) - (1 - t) log(1 - sigmoid(x))  =  softplus(x) - x t
struct BinaryCrossEntropy {
  static constexpr Var define(Scope& s, Var prediction) {
    const Var target = s.input("target", prediction.shape());
    return mean(softplus(prediction) - prediction * target);
  }
};

}  // namespace tg
