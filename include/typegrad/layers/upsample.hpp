// Images of a multiple of their height and width.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

// x (C, H, W) -> (C, Scale H, Scale W). torch.nn.Upsample(scale_factor=Scale).
//   nearest:   y[c, i, j] = x[c, floor(i / Scale), floor(j / Scale)]
//   bilinear:  between the centres of the pixels (PyTorch's align_corners=False); beyond the outer
//              ones their numbers go on
// Option: nearest (when none is given) or bilinear. Faults: needs_image, extent_not_positive.
template <int Scale, auto... Options>
struct Upsample {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<Upsample, Options...>;
    options::template allow<Subject::interpolation>(s);
    const Shape shape = x.shape();
    if (shape.rank() != 3) return s.fault(x, {.kind = FaultKind::needs_image, .got = shape});
    if (Scale < 1) return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Scale}});
    if constexpr (Scale == 1)
      return x;
    else if constexpr (options::template get<Subject::interpolation>(Between::nearest) ==
                       Between::nearest)
      return repeat(x);
    else
      return interpolate(s, x);
  }

 private:
  static constexpr Shape grown(const Shape& shape) {
    return {shape[0], Scale * shape[1], Scale * shape[2]};
  }

  // What flows back from an average of Scale x Scale windows, times their area.
  static constexpr Var repeat(Var x) {
    const PoolWindow window{.kernel = {Scale, Scale}, .stride = {Scale, Scale}};
    return (Scale * Scale) * ir::emit(x.builder(), Op::average_pool_gradient, grown(x.shape()),
                                      x.dtype(), ir::operands(x), window.attributes());
  }

  // The borders repeated once, then a transposed convolution: each pixel weighs 1 at its centre and
  // less up to the neighbours' centres (Long et al., "Fully convolutional networks", 2015).
  static constexpr Var interpolate(Scope& s, Var x) {
    constexpr int kernel = 2 * Scale - Scale % 2, padding = (Scale + kernel) / 2;
    const int channels = x.shape()[0];
    const Var weight = 1 - abs(s.iota(kernel, x.dtype()) - (kernel - 1) / 2.0) * (1.0 / Scale);
    const Var weights =
        broadcast(reshape(reshape(weight, {kernel, 1}) * weight, {1, 1, kernel, kernel}),
                  {channels, 1, kernel, kernel});
    const ConvolutionWindow window{
        .stride = {Scale, Scale}, .padding = {padding, padding}, .groups = channels};
    return convolution_input_gradient(repeat_border(repeat_border(x, 2), 1), weights,
                                      grown(x.shape()), window);
  }
  static constexpr Var repeat_border(Var x, int axis) {
    return concatenate({slice(x, axis, 0, 1), x, slice(x, axis, x.shape()[axis] - 1, 1)}, axis);
  }
};

}  // namespace tg
