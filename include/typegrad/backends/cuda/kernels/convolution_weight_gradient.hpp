// The gradient of a convolution's weights: a row of a kernel for each block.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/convolution_sides.hpp"
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

namespace detail {

// Outputs that a block of ConvolutionWeightGradient has: as many as leave work for the device.
template <class G>
constexpr int gradient_outputs() {
  const int rows = G::groups * G::group_channels * G::kernel_height;
  int outputs = at_most(G::group_outputs, 4);
  while (outputs > 1 && rows * tiles_of(G::group_outputs, outputs) < 64) outputs /= 2;
  return outputs;
}

}  // namespace detail

// dw[o][c][ky][kx] = sum over samples and positions of dy x. A block has a row of the kernel, for
// some outputs: each of its warps takes rows of 32 samples' images, in order, a lane each; the sums
// of lanes meet in a tree, then those of warps. epilogue(c, element, value) gets each element of
// dw.
template <class G>
struct ConvolutionWeightGradient {
  static constexpr int warps = detail::warps_of_block, threads = warps * detail::warp_samples;
  static constexpr int outputs = detail::gradient_outputs<G>();
  static constexpr int across = tiles_of(G::group_outputs, outputs);
  static constexpr int taps = detail::at_most(G::kernel_width, detail::most_taps);
  static constexpr int runs = tiles_of(G::kernel_width, taps);
  static constexpr int tiles() {
    return G::groups * across * G::group_channels * G::kernel_height * runs;
  }

  template <class C, class DY, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const DY& dy, const X& x, int stride, int count,
                                  const Epilogue& epilogue) {
    using T = Computed<X>;
    const auto of_warp = c.template shared<T, warps * outputs * taps>();
    const int images = tiles_of(count, detail::warp_samples);
    for_each_tile(c, tiles(), [&](int number) {
      const Task task(number);
      T sum[outputs][taps] = {};
      for (int i = c.warp(); i < images * G::output_height; i += warps) {
        const int row = i % G::output_height;
        const int sample = i / G::output_height * detail::warp_samples + c.lane();
        if (Side::row(row, task.ky) < 0) continue;
        for (int column = 0; column < G::output_width; column += columns)
          add_columns(c, dy, x, stride, sample, sample < count, task, row, column, sum);
      }
      TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < outputs * taps; ++n) {
        const T total = sum_of_lanes(c, sum[n / taps][n % taps]);
        if (c.lane() == 0) of_warp[c.warp() * outputs * taps + n] = total;
      }
      c.barrier();
      for_each_of_block(c, outputs * taps, [&](int n) {
        T total = of_warp[n];
        for (int w = 1; w < warps; ++w) total += of_warp[w * outputs * taps + n];
        const int o = task.output + n / taps, kx = task.kx + n % taps;
        if (o < G::group_outputs && kx < G::kernel_width)
          epilogue(c,
                   Side::kernel(task.group, o, task.channel) * G::kernel_size +
                       task.ky * G::kernel_width + kx,
                   total);
      });
      c.barrier();  // the next task overwrites these
    });
  }

 private:
  using Side = detail::Forward<G>;
  static constexpr int columns = detail::at_most(
      detail::at_least_1((detail::most_asked_for - Side::span(1, taps) + G::stride_width) /
                         (outputs + G::stride_width)),
      G::output_width);
  static constexpr int span = Side::span(columns, taps);

  // Kernels of a channel and some outputs, of which a row's taps from kx on.
  struct Task {
    int kx, ky, channel, output, group;
    TYPEGRAD_DEVICE explicit Task(int number)
        : kx(number % runs * taps),
          ky(number / runs % G::kernel_height),
          channel(number / (runs * G::kernel_height) % G::group_channels),
          output(number / (runs * G::kernel_height * G::group_channels) % across * outputs),
          group(number / (runs * G::kernel_height * G::group_channels * across)) {}
  };

  template <class C, class DY, class X, class T>
  TYPEGRAD_DEVICE static void add_columns(const C& c, const DY& dy, const X& x, int stride,
                                          int sample, bool exists, const Task& task, int row,
                                          int first, T (&sum)[outputs][taps]) {
    T line[span], gradient[outputs][columns];
    const int from =
        (task.group * G::group_channels + task.channel) * G::height + Side::row(row, task.ky);
    TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < span; ++i) {
      const int column = Side::column(first, task.kx, taps, i);
      line[i] = exists && column >= 0 ? T(x[(from * G::width + column) * stride + sample]) : T(0);
    }
    TYPEGRAD_DEVICE_UNROLL for (int o = 0; o < outputs; ++o) {
      const int output = task.group * G::group_outputs + task.output + o;
      const int line_of_output = (output * G::output_height + row) * G::output_width + first;
      TYPEGRAD_DEVICE_UNROLL for (int p = 0; p < columns; ++p) {
        const bool inside =
            exists && task.output + o < G::group_outputs && first + p < G::output_width;
        gradient[o][p] = inside ? T(dy[(line_of_output + p) * stride + sample]) : T(0);
      }
    }
    c.wait_once();
    TYPEGRAD_DEVICE_UNROLL for (int o = 0; o < outputs; ++o) {
      TYPEGRAD_DEVICE_UNROLL for (int t = 0; t < taps; ++t) {
        TYPEGRAD_DEVICE_UNROLL for (int p = 0; p < columns; ++p) sum[o][t] +=
            gradient[o][p] * line[Side::index(p, t, taps)];
      }
    }
  }
};

}  // namespace tg::cuda
