// Convolutions and pools on (channels, height, width).
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/tensor.hpp"
#include "typegrad/graph/window.hpp"

namespace tg {

namespace ir {

// An image, and a window that a stride moves on; else a fault.
constexpr bool can_slide(Var x, Extent2 kernel, Extent2 stride, Extent2 padding, Extent2 dilation) {
  Builder* r = x.builder();
  if (x.shape().rank() != 3) {
    r->fail({.kind = FaultKind::needs_image, .got = x.shape()});
    return false;
  }
  if (kernel.height < 1 || kernel.width < 1 || stride.height < 1 || stride.width < 1 ||
      dilation.height < 1 || dilation.width < 1 || padding.height < 0 || padding.width < 0) {
    r->fail({.kind = FaultKind::extent_not_positive,
             .wanted = {kernel.height, kernel.width, stride.height, stride.width}});
    return false;
  }
  return true;
}

// Pre-checks that convolutions and pools share; false when x cannot be slid over.
constexpr bool slides(Var x, Extent2 kernel, Extent2 stride, Extent2 padding, Extent2 dilation) {
  if (!can_slide(x, kernel, stride, padding, dilation)) return false;
  const Shape s = x.shape();
  if (window_positions(s[1], kernel.height, 1, padding.height, dilation.height) < 1 ||
      window_positions(s[2], kernel.width, 1, padding.width, dilation.width) < 1) {
    x.builder()->fail({.kind = FaultKind::window_does_not_fit,
                       .got = s,
                       .numbers = {kernel.height, kernel.width}});
    return false;
  }
  return true;
}

// True when every input element is in some window, or the stride says that it is not meant.
constexpr bool covers(int extent, int kernel, int stride, int padding) {
  if (stride > kernel) return true;
  return (window_positions(extent, kernel, stride, padding, 1) - 1) * stride + kernel >=
         extent + padding;
}

}  // namespace ir

// Cross-correlation, as PyTorch's conv2d: y[o,i,j] = sum_{c,u,v} w[o,c,u,v] x[c, i*stride +
// u*dilation - padding, …]. x (channels, height, width), w (outputs, channels / groups, kernel
// height, kernel width). Padding may be tg::half_padding or tg::full_padding.
constexpr Var convolution(Operand x, Var w, const ConvolutionWindow& given = {}) {
  const Shape weight = w.shape();
  const ConvolutionWindow window = given.around({weight[2], weight[3]});
  ir::check_operand(Op::convolution, x);
  ir::same_dtype("convolution", x, w);
  if (!ir::slides(x, {weight[2], weight[3]}, window.stride, window.padding, window.dilation))
    return x;
  const Shape input = x.shape();
  if (window.groups < 1 || input[0] % window.groups != 0 || weight[0] % window.groups != 0 ||
      weight[1] * window.groups != input[0]) {
    x.builder()->fail({.kind = FaultKind::groups_do_not_divide,
                       .got = input,
                       .numbers = {input[0], window.groups}});
    return x;
  }
  return ir::emit(x.builder(), Op::convolution, window.output(input, weight), x.dtype(),
                  ir::operands(x, w), window.attributes());
}

// Gradients of `convolution`, linear in both operands, so that they can be differentiated again.
constexpr Var convolution_input_gradient(Operand dy, Var w, const Shape& input,
                                         const ConvolutionWindow& window) {
  return ir::emit(dy.builder(), Op::convolution_input_gradient, input, dy.dtype(),
                  ir::operands(dy, w), window.attributes());
}
constexpr Var convolution_weight_gradient(Operand x, Var dy, const Shape& weight,
                                          const ConvolutionWindow& window) {
  return ir::emit(x.builder(), Op::convolution_weight_gradient, weight, x.dtype(),
                  ir::operands(x, dy), window.attributes());
}

// The largest (or the mean) of each window. Padding counts as -infinity, or as 0 in a mean.
constexpr Var pool(Op op, Var x, const PoolWindow& window, bool truncate) {
  ir::check_operand(op, x);
  if (!ir::slides(x, window.kernel, window.stride, window.padding, {})) return x;
  const Shape& s = x.shape();
  if (!truncate &&
      !(ir::covers(s[1], window.kernel.height, window.stride.height, window.padding.height) &&
        ir::covers(s[2], window.kernel.width, window.stride.width, window.padding.width))) {
    x.builder()->fail({.kind = FaultKind::window_does_not_tile,
                       .got = s,
                       .numbers = {window.kernel.height, window.kernel.width, window.stride.height,
                                   window.stride.width}});
    return x;
  }
  return ir::emit(x.builder(), op, window.output(s), x.dtype(), ir::operands(x),
                  window.attributes());
}
constexpr Var max_pool(Operand x, const PoolWindow& window, bool truncate = false) {
  return pool(Op::max_pool, x, window, truncate);
}
// t of x's shape, where each window has its largest x, the first of equals: how max_pool changes
// when x moves along t.
constexpr Var max_pool_tangent(Operand x, Var t, const PoolWindow& window) {
  return ir::emit(x.builder(), Op::max_pool_tangent, window.output(x.shape()), t.dtype(),
                  ir::operands(x, t), window.attributes());
}
constexpr Var average_pool(Operand x, const PoolWindow& window, bool truncate = false) {
  return pool(Op::average_pool, x, window, truncate);
}

}  // namespace tg
