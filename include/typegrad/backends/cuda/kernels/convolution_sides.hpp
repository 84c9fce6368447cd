// Which numbers of one image meet those of the other in a convolution, seen from either side.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/core/config.hpp"

// G is a Convolution of passes/geometry.hpp. Images are (C, H, W), weights (O, C / groups, KH, KW).
namespace tg::cuda::detail {

inline constexpr int warp_samples = 32, warps_of_block = 8;
inline constexpr int shared_numbers = 2048;  // of weights, and of sums, that a block holds
inline constexpr int most_taps = 8;          // of a row of the kernel at a time
inline constexpr int most_asked_for = 64;    // numbers that a lane waits for at a time

constexpr int at_most(int extent, int limit) { return extent < limit ? extent : limit; }
constexpr int at_least_1(int extent) { return extent > 1 ? extent : 1; }
constexpr bool is_inside(int i, int extent) { return i >= 0 && i < extent; }

// What Convolve and ConvolveBack differ in: the image that is made and the one that is summed over,
// which kernel of W joins two of their channels, and which row of the latter meets one of the
// former by a tap of the window; -1: none. Neighbouring columns meet, by neighbouring taps, `span`
// numbers of a row: `index` says which, `column` where it lies, -1 for nowhere.
template <class G>
struct Forward {
  static constexpr int channels = G::group_outputs, summed = G::group_channels;
  static constexpr int height = G::output_height, width = G::output_width;
  static constexpr int from_height = G::height, from_width = G::width;

  static constexpr int kernel(int group, int channel, int from) {
    return (group * G::group_outputs + channel) * G::group_channels + from;
  }
  static constexpr int row(int at, int tap) {
    const int from = at * G::stride_height - G::padding_height + tap * G::dilation_height;
    return is_inside(from, G::height) ? from : -1;
  }
  static constexpr int span(int columns, int taps) {
    return (columns - 1) * G::stride_width + (taps - 1) * G::dilation_width + 1;
  }
  static constexpr int index(int column, int tap, int) {
    return column * G::stride_width + tap * G::dilation_width;
  }
  static constexpr int column(int first, int first_tap, int, int i) {
    const int from = first * G::stride_width - G::padding_width + first_tap * G::dilation_width + i;
    return is_inside(from, G::width) ? from : -1;
  }
};
template <class G>
struct Back {
  static constexpr int channels = G::group_channels, summed = G::group_outputs;
  static constexpr int height = G::height, width = G::width;
  static constexpr int from_height = G::output_height, from_width = G::output_width;

  static constexpr int kernel(int group, int channel, int from) {
    return (group * G::group_outputs + from) * G::group_channels + channel;
  }
  static constexpr int row(int at, int tap) {
    return met(at + G::padding_height - tap * G::dilation_height, G::stride_height,
               G::output_height);
  }
  // With a stride, neighbours meet none or other columns: each has its own numbers.
  static constexpr int span(int columns, int taps) {
    return strides ? columns * taps : columns + (taps - 1) * G::dilation_width;
  }
  static constexpr int index(int column, int tap, int taps) {
    return strides ? column * taps + tap : column + (taps - 1 - tap) * G::dilation_width;
  }
  static constexpr int column(int first, int first_tap, int taps, int i) {
    const int of = strides ? i / taps : i, tap = first_tap + (strides ? i % taps : taps - 1);
    return met(first + of + G::padding_width - tap * G::dilation_width, G::stride_width,
               G::output_width);
  }

 private:
  static constexpr bool strides = G::stride_width > 1;
  static constexpr int met(int from, int stride, int extent) {
    return from >= 0 && from % stride == 0 && from / stride < extent ? from / stride : -1;
  }
};

}  // namespace tg::cuda::detail
