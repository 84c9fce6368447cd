// A convolution over images.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

namespace layer_options {

// y (C, H, W) plus a bias for each channel, unless the layer has none.
template <class Layer, auto... Options>
constexpr Var add_bias(Scope& s, Var y, int fan_in) {
  using options = OptionsOf<Layer, Options...>;
  if constexpr (!options::template get<Subject::bias>(true)) {
    return y;
  } else {
    const int channels = y.shape()[0];
    const Var bias = s.parameter("bias", {channels},
                                 options::template get<Subject::bias_filler>(TorchDefault{fan_in}));
    return y + reshape(bias, {channels, 1, 1});
  }
}

// weight (outputs, C / groups, KH, KW), bias (outputs), and what they make of x.
template <class Layer, auto KernelSize, auto... Options>
constexpr Var convolve(Scope& s, Var x, int outputs, int groups) {
  using options = OptionsOf<Layer, Options...>;
  const Extent2 kernel = kernel_extent<Layer, KernelSize>(s);
  const ConvolutionWindow window =
      ConvolutionWindow{.stride = options::template get<Subject::stride>(Extent2{}),
                        .padding = options::template get<Subject::padding>(Extent2{0, 0}),
                        .dilation = options::template get<Subject::dilation>(Extent2{}),
                        .groups = groups}
          .around(kernel);

  const Shape shape = x.shape();
  if (!ir::slides(x, kernel, window.stride, window.padding, window.dilation)) return x;
  if (outputs < 1) return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {outputs}});
  if (groups < 1 || shape[0] % groups != 0 || outputs % groups != 0)
    return s.fault(
        x, {.kind = FaultKind::groups_do_not_divide, .got = shape, .numbers = {shape[0], groups}});

  const Shape weights{outputs, shape[0] / groups, kernel.height, kernel.width};
  const Var weight =
      s.parameter("weight", weights, options::template get<Subject::filler>(TorchDefault{}));
  return add_bias<Layer, Options...>(s, convolution(x, weight, window), weights.product(1, 4));
}

}  // namespace layer_options

// x (C, H, W) -> y (Outputs, H', W'), a cross-correlation as torch.nn.Conv2d's:
//   y[o,i,j] = bias[o] + sum over c,u,v of weight[o,c,u,v] x[c, row(i,u), column(j,v)]
//   row(i,u) = i stride + u dilation - padding
//   H' = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1
// weight (Outputs, C / groups, KH, KW), bias (Outputs); group g of the outputs sees group g of C.
// KernelSize is a number or tg::kernel<KH, KW>.
// Options: stride, padding, dilation, groups, no_bias, filler, bias_filler.
// Faults: needs_image, groups_do_not_divide, window_does_not_fit, extent_not_positive.
template <int Outputs, auto KernelSize, auto... Options>
struct Conv {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<Conv, Options...>;
    options::template allow<Subject::stride, Subject::padding, Subject::dilation, Subject::groups,
                            Subject::bias, Subject::filler, Subject::bias_filler>(s);
    return layer_options::convolve<Conv, KernelSize, Options...>(
        s, x, Outputs, options::template get<Subject::groups>(1));
  }
};

// A filter of its own for each channel: x (C, H, W) -> y (C, H', W'), Conv with C groups;
// weight (C, 1, KH, KW), bias (C). torch.nn.Conv2d(C, C, k, groups=C).
// Options: stride, padding, dilation, no_bias, filler, bias_filler.
// Faults: needs_image, window_does_not_fit, extent_not_positive.
template <auto KernelSize, auto... Options>
struct DepthwiseConv {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<DepthwiseConv, Options...>;
    options::template allow<Subject::stride, Subject::padding, Subject::dilation, Subject::bias,
                            Subject::filler, Subject::bias_filler>(s);
    const int channels = x.shape().rank() > 0 ? x.shape()[0] : 1;
    return layer_options::convolve<DepthwiseConv, KernelSize, Options...>(s, x, channels, channels);
  }
};

}  // namespace tg
