// A convolution over images.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/layers/fillers/torch_default.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

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
    const Extent2 kernel = kernel_extent<Conv, KernelSize>(s);
    const ConvolutionWindow window{
        .stride = options::template get<Subject::stride>(Extent2{}),
        .padding = options::template get<Subject::padding>(Extent2{0, 0}),
        .dilation = options::template get<Subject::dilation>(Extent2{}),
        .groups = options::template get<Subject::groups>(1)};

    const Shape shape = x.shape();
    if (!ir::slides(x, kernel, window.stride, window.padding, window.dilation)) return x;
    if (Outputs < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Outputs}});
    if (window.groups < 1 || shape[0] % window.groups != 0 || Outputs % window.groups != 0)
      return s.fault(x, {.kind = FaultKind::groups_do_not_divide,
                         .got = shape,
                         .numbers = {shape[0], window.groups}});

    const Shape weights{Outputs, shape[0] / window.groups, kernel.height, kernel.width};
    const Var weight =
        s.parameter("weight", weights, options::template get<Subject::filler>(TorchDefault{}));
    const Var y = convolution(x, weight, window);
    if constexpr (!options::template get<Subject::bias>(true))
      return y;
    else {
      const int fan_in = weights.product(1, 4);
      const Var bias = s.parameter(
          "bias", {Outputs}, options::template get<Subject::bias_filler>(TorchDefault{fan_in}));
      return y + reshape(bias, {Outputs, 1, 1});
    }
  }
};

}  // namespace tg
