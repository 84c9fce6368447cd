// How windows slide over (channels, height, width), and what extents they leave.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/shape.hpp"
#include "typegrad/graph/node.hpp"

namespace tg {

struct Extent2 {
  int height = 1, width = 1;
  constexpr bool operator==(const Extent2&) const = default;
};

// Positions of a window along one axis, PyTorch's floor division; 0 or less when the window does
// not fit.
constexpr int window_positions(int extent, int kernel, int stride, int padding, int dilation) {
  const int room = extent + 2 * padding - dilation * (kernel - 1) - 1;
  return room < 0 ? 0 : room / stride + 1;
}

// Padding that follows from the window, by name: half of it, so that an odd window with stride 1
// keeps the extents; or all but one of its places, so that each that meets the image counts.
// Numbers that nobody gives: other negative ones, and these where no name is known, are a fault.
enum class PaddingByName : int { half = -30000, full = -30001 };

struct ConvolutionWindow {
  Extent2 stride{}, padding{0, 0}, dilation{};
  int groups = 1;

  // With the padding as numbers: of a kernel of these extents.
  constexpr ConvolutionWindow around(const Extent2& kernel) const {
    const auto padded = [](int given, int around, int apart) {
      const int reach = apart * (around - 1);
      return given == int(PaddingByName::half)   ? (reach + 1) / 2
             : given == int(PaddingByName::full) ? reach
                                                 : given;
    };
    ConvolutionWindow result = *this;
    result.padding = {padded(padding.height, kernel.height, dilation.height),
                      padded(padding.width, kernel.width, dilation.width)};
    return result;
  }

  constexpr ir::Attributes attributes() const {
    using A = std::int16_t;
    return {A(stride.height),   A(stride.width),   A(padding.height), A(padding.width),
            A(dilation.height), A(dilation.width), A(groups)};
  }
  static constexpr ConvolutionWindow of(const ir::Attributes& a) {
    return {{a[0], a[1]}, {a[2], a[3]}, {a[4], a[5]}, a[6]};
  }
  // input (channels, height, width), weight (outputs, channels / groups, kernel height, kernel
  // width)
  constexpr Shape output(const Shape& input, const Shape& weight) const {
    return {weight[0],
            window_positions(input[1], weight[2], stride.height, padding.height, dilation.height),
            window_positions(input[2], weight[3], stride.width, padding.width, dilation.width)};
  }
};

struct PoolWindow {
  Extent2 kernel{}, stride{}, padding{0, 0};

  constexpr ir::Attributes attributes() const {
    using A = std::int16_t;
    return {A(kernel.height),
            A(kernel.width),
            A(stride.height),
            A(stride.width),
            A(padding.height),
            A(padding.width),
            0};
  }
  static constexpr PoolWindow of(const ir::Attributes& a) {
    return {{a[0], a[1]}, {a[2], a[3]}, {a[4], a[5]}};
  }
  constexpr Shape output(const Shape& input) const {
    return {input[0], window_positions(input[1], kernel.height, stride.height, padding.height, 1),
            window_positions(input[2], kernel.width, stride.width, padding.width, 1)};
  }
};

}  // namespace tg
