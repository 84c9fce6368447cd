// Normalises each channel over the samples of a call.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

// x (C, …): each channel over all samples and positions; x (F): each feature over all samples.
//   y = weight (x - mean) / sqrt(variance + epsilon) + bias
// Training takes the mean and the (biased) variance of the call and moves the running ones:
//   running = (1 - momentum) running + momentum now,  for the variance the unbiased one
// Otherwise the running ones count. A variance over a single value is none: training on vectors
// needs two samples. Parameters "weight", "bias"; states "running_mean", "running_var",
// "num_batches_tracked". torch.nn.BatchNorm1d and 2d (Ioffe and Szegedy, "Batch normalization",
// 2015). Options: momentum (0.1), epsilon (1e-5), no_affine. Fault: needs_vector for a number.
template <auto... Options>
struct BatchNorm {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<BatchNorm, Options...>;
    options::template allow<Subject::momentum, Subject::epsilon, Subject::affine>(s);
    constexpr double momentum = options::template get<Subject::momentum>(0.1);
    constexpr double epsilon = options::template get<Subject::epsilon>(1e-5);
    constexpr bool affine = options::template get<Subject::affine>(true);

    const Shape shape = x.shape();
    if (shape.rank() < 1) return s.fault(x, {.kind = FaultKind::needs_vector, .got = shape});
    const Shape channels{shape[0]};
    const Var weight =
        affine ? s.parameter("weight", channels, Constant{1}) : s.constant(1, channels);
    const Var bias = affine ? s.parameter("bias", channels, Constant{0}) : s.constant(0, channels);
    const Var running_mean = s.shared("running_mean", channels, Constant{0});
    const Var running_variance = s.shared("running_var", channels, Constant{1});
    const Var batches = s.shared("num_batches_tracked", {}, i64, Constant{0});

    if (!s.training()) {
      const Var scale = weight / sqrt(running_variance + epsilon);
      return x * along(scale, shape) + along(bias - running_mean * scale, shape);
    }
    const int positions = shape.product(1, shape.rank());
    if (positions == 1) s.needs_samples(2);
    const Var mean = mean_of_channels(x);
    const Var centered = x - along(mean, shape);
    const Var variance = mean_of_channels(square(centered));

    const Var count = s.samples() * positions;
    const Var unbiased = variance * (count / (count - 1));
    s.update(running_mean, running_mean * (1 - momentum) + mean * momentum);
    s.update(running_variance, running_variance * (1 - momentum) + unbiased * momentum);
    s.update(batches, minimum(batches, most_batches - 1) + 1);
    return centered * along(weight / sqrt(variance + epsilon), shape) + along(bias, shape);
  }

 private:
  // Here the count stays: in f32 it would stand still, and nothing depends on it.
  static constexpr int most_batches = 1 << 24;

  // (C, …) -> (C), over positions and samples.
  static constexpr Var mean_of_channels(Var x) {
    const Shape shape = x.shape();
    const Var total = ir::reduce(Op::sum, x, ir::all_axes(shape) & ~1);
    return batch_mean(total * (1.0 / shape.product(1, shape.rank())));
  }
  // (C) -> (C, 1, …), to broadcast to `shape`.
  static constexpr Var along(Var channels, const Shape& shape) {
    Shape extents{shape[0]};
    for (int axis = 1; axis < shape.rank(); ++axis) extents.append(1);
    return reshape(channels, extents);
  }
};

}  // namespace tg
