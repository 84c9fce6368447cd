// The transpose of a convolution: images that grow.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/conv.hpp"

namespace tg {

// x (C, H, W) -> y (Outputs, H', W'): what flows back through a Conv from Outputs to C channels.
// torch.nn.ConvTranspose2d.
//   H' = (H - 1) stride - 2 padding + dilation (KH - 1) + output_padding + 1
// weight (C, Outputs / groups, KH, KW), bias (Outputs).
// KernelSize is a number or tg::kernel<KH, KW>.
// Options: stride, padding, output_padding, dilation, groups, no_bias, filler, bias_filler.
// Faults: needs_image, groups_do_not_divide, output_padding_too_large, extent_not_positive.
template <int Outputs, auto KernelSize, auto... Options>
struct ConvTranspose {
  static constexpr Var define(Scope& s, Var x) {
    using options = OptionsOf<ConvTranspose, Options...>;
    options::template allow<Subject::stride, Subject::padding, Subject::output_padding,
                            Subject::dilation, Subject::groups, Subject::bias, Subject::filler,
                            Subject::bias_filler>(s);
    const Extent2 kernel = kernel_extent<ConvTranspose, KernelSize>(s);
    const Extent2 more = options::template get<Subject::output_padding>(Extent2{0, 0});
    const ConvolutionWindow window{
        .stride = options::template get<Subject::stride>(Extent2{}),
        .padding = options::template get<Subject::padding>(Extent2{0, 0}),
        .dilation = options::template get<Subject::dilation>(Extent2{}),
        .groups = options::template get<Subject::groups>(1)};

    const Shape shape = x.shape();
    if (!ir::can_slide(x, kernel, window.stride, window.padding, window.dilation)) return x;
    if (window.groups < 1 || shape[0] % window.groups != 0 || Outputs % window.groups != 0)
      return s.fault(x, {.kind = FaultKind::groups_do_not_divide,
                         .got = shape,
                         .numbers = {shape[0], window.groups}});
    if (!smaller(more.height, window.stride.height) || !smaller(more.width, window.stride.width))
      return s.fault(
          x, {.kind = FaultKind::output_padding_too_large,
              .numbers = {more.height, more.width, window.stride.height, window.stride.width}});
    const Shape grown{Outputs,
                      extent(shape[1], kernel.height, window.stride.height, window.padding.height,
                             window.dilation.height, more.height),
                      extent(shape[2], kernel.width, window.stride.width, window.padding.width,
                             window.dilation.width, more.width)};
    if (!grown.positive())
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = grown});

    const Shape weights{shape[0], Outputs / window.groups, kernel.height, kernel.width};
    const Var weight =
        s.parameter("weight", weights, options::template get<Subject::filler>(TorchDefault{}));
    const Var y = convolution_input_gradient(x, weight, grown, window);
    return layer_options::add_bias<ConvTranspose, Options...>(s, y, weights.product(1, 4));
  }

 private:
  static constexpr bool smaller(int more, int stride) { return more >= 0 && more < stride; }
  static constexpr int extent(int before, int kernel, int stride, int padding, int dilation,
                              int more) {
    return (before - 1) * stride - 2 * padding + dilation * (kernel - 1) + more + 1;
  }
};

}  // namespace tg
