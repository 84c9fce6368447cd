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

// What the cross-entropy of sequences is divided by.
enum class Per { sample, token };

// prediction (steps, classes), logits; target (steps), integers; mask (steps), 0 where a step does
// not count:
//   -1/n sum over samples and steps with mask != 0 of  log p[target],  p = softmax(prediction)
// n: the samples, or the steps that count (at least one; a function of its gradient then says
// tg::batch<N>, since that number is made across the samples). What is masked changes neither the
// value nor any gradient, in no bit. Faults: target_does_not_fit when the prediction is no row of
// at least 2 classes for each step; shapes_do_not_match.
template <Per unit = Per::sample>
struct MaskedCrossEntropy {
  static constexpr Var define(Scope& s, Var prediction, Var target, Var mask) {
    const Shape shape = prediction.shape();
    if (shape.rank() != 2 || shape[1] < 2 || target.shape() != Shape{shape[0]})
      return s.fault(mean(prediction), {.kind = FaultKind::target_does_not_fit, .got = shape});
    if (mask.shape() != target.shape())
      return s.fault(
          mean(prediction),
          {.kind = FaultKind::shapes_do_not_match, .got = mask.shape(), .wanted = target.shape()});
    // Selected, not multiplied: 0 times infinity would be no number.
    const Var log_p = select(mask, pick(log_softmax(prediction), target), 0);
    if constexpr (unit == Per::sample)
      return -batch_mean(sum(log_p, within));
    else
      return -sum(log_p) / maximum(sum(select(mask, s.constant(1), 0)), 1);
  }
};

// The same of sequences that are foretold a token ahead: row t of prediction (steps, classes) says
// what token t + 1 of tokens (steps) is; mask (steps) is 1 for tokens, 0 for padding. The last row
// foretells nothing.
template <Per unit = Per::sample>
struct NextTokenCrossEntropy {
  static constexpr Var define(Scope& s, Var prediction, Var tokens, Var mask) {
    const Shape shape = prediction.shape();
    const int steps = tokens.shape().rank() == 1 ? tokens.shape()[0] : 0;
    if (shape.rank() != 2 || shape[0] != steps || steps < 2 || mask.shape() != tokens.shape())
      return s.fault(mean(prediction), {.kind = FaultKind::target_does_not_fit, .got = shape});
    return MaskedCrossEntropy<unit>::define(s, slice(prediction, 0, 0, steps - 1),
                                            slice(tokens, 0, 1, steps - 1),
                                            slice(mask, 0, 1, steps - 1));
  }
};

}  // namespace tg
