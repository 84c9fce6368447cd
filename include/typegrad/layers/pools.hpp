// The largest or the mean of windows over images.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/images.hpp"
#include "typegrad/graph/scope.hpp"
#include "typegrad/layers/options_of.hpp"

namespace tg {

namespace layer_options {

template <class Layer, auto KernelSize, auto... Options>
constexpr Var pool(Op op, Scope& s, Var x) {
  using options = OptionsOf<Layer, Options...>;
  options::template allow<Subject::stride, Subject::padding, Subject::truncate>(s);
  const Extent2 kernel = kernel_extent<Layer, KernelSize>(s);
  const PoolWindow window{.kernel = kernel,
                          .stride = options::template get<Subject::stride>(kernel),
                          .padding = options::template get<Subject::padding>(Extent2{0, 0})};
  // Else a window could lie in the padding alone, where there is no maximum.
  if (2 * window.padding.height > kernel.height || 2 * window.padding.width > kernel.width)
    return s.fault(
        x, {.kind = FaultKind::padding_too_large,
            .numbers = {kernel.height, kernel.width, window.padding.height, window.padding.width}});
  return tg::pool(op, x, window, options::template get<Subject::truncate>(false));
}

}  // namespace layer_options

// x (C, H, W) -> (C, H', W'), the largest of each window. torch.nn.MaxPool2d.
//   H' = floor((H + 2 padding - KH) / stride) + 1
// KernelSize is a number or tg::kernel<KH, KW>.
// Options: stride (when not given, the kernel's extents), padding, truncate.
// Faults: needs_image, window_does_not_fit, padding_too_large; window_does_not_tile when an input
// element is in no window although the stride is not larger than it, and `truncate` is not said.
template <auto KernelSize, auto... Options>
struct MaxPool {
  static constexpr Var define(Scope& s, Var x) {
    return layer_options::pool<MaxPool, KernelSize, Options...>(Op::max_pool, s, x);
  }
};

// x (C, H, W) -> (C, H', W'), the mean of each window, in which padding counts as zeros.
// torch.nn.AvgPool2d. Options and faults are MaxPool's.
template <auto KernelSize, auto... Options>
struct AveragePool {
  static constexpr Var define(Scope& s, Var x) {
    return layer_options::pool<AveragePool, KernelSize, Options...>(Op::average_pool, s, x);
  }
};

// x (C, H, W) -> (C), the mean of each channel (Lin et al., "Network in network", 2013).
// Fault: needs_image.
struct GlobalAveragePool {
  static constexpr Var define(Scope& s, Var x) {
    if (x.shape().rank() != 3)
      return s.fault(x, {.kind = FaultKind::needs_image, .got = x.shape()});
    return mean(x, {1, 2});
  }
};

// x (C, H, W) -> (C, Height, Width): window i of an axis goes from floor(i extent / count) to
// ceil((i + 1) extent / count), so that all together cover it. torch.nn.AdaptiveAvgPool2d.
// AdaptiveAveragePool<7> is AdaptiveAveragePool<7, 7>. Faults: needs_image, extent_not_positive.
template <int Height, int Width = Height>
struct AdaptiveAveragePool {
  static constexpr Var define(Scope& s, Var x) {
    const Shape shape = x.shape();
    if (shape.rank() != 3) return s.fault(x, {.kind = FaultKind::needs_image, .got = shape});
    if (Height < 1 || Width < 1)
      return s.fault(x, {.kind = FaultKind::extent_not_positive, .wanted = {Height, Width}});
    if (shape[1] % Height == 0 && shape[2] % Width == 0) {
      const Extent2 window{shape[1] / Height, shape[2] / Width};
      return average_pool(x, {.kernel = window, .stride = window});
    }
    return mean_of_windows(mean_of_windows(x, 2, Width), 1, Height);
  }

 private:
  static constexpr Var mean_of_windows(Var x, int axis, int count) {
    const int extent = x.shape()[axis];
    if (extent == count) return x;
    std::array<Var, (Height > Width ? Height : Width)> means;
    Shape kept = x.shape();
    kept.set(axis, 1);
    for (int i = 0; i < count; ++i) {
      const int begin = i * extent / count, end = ((i + 1) * extent + count - 1) / count;
      means[i] = reshape(mean(slice(x, axis, begin, end - begin), axis), kept);
    }
    return concatenate(std::span<const Var>(means.data(), std::size_t(count)), axis);
  }
};

}  // namespace tg
