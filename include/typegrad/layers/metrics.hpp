// What is watched beside the loss: one number, the mean over the samples of a call.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/graph/scope.hpp"

namespace tg {

// prediction (classes), target one integer per sample: the share of samples whose target is among
// the K largest, the first of equals counting as larger.
// Fault: target_does_not_fit when the prediction is not a vector.
template <int K>
struct TopK {
  static_assert(K > 0, "tg::TopK<K> looks at the K largest predictions: at least 1");

  static constexpr Var define(Scope& s, Var prediction) {
    const Shape shape = prediction.shape();
    const Var target = s.label("target");
    if (shape.rank() != 1)
      return s.fault(mean(prediction), {.kind = FaultKind::target_does_not_fit, .got = shape});
    Var left = prediction, found = s.constant(0);
    for (int i = 0; i < K && i < shape[0]; ++i) {
      const Var largest = argmax(left);
      found = found + cast(equal(largest, target), DType::floating);
      left = select(one_hot(largest, shape[0], left.dtype()),
                    -std::numeric_limits<double>::infinity(), left);
    }
    return mean(found);
  }
};

// The share of samples whose target has the largest prediction.
struct Accuracy {
  static constexpr Var define(Scope& s, Var prediction) { return TopK<1>::define(s, prediction); }
};

}  // namespace tg
