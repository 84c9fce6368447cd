// Convolutions and their gradients: a lane per sample, a tile of outputs in registers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

// G is a Convolution of passes/geometry.hpp. Images are (C, H, W), weights (O, C /
// groups, KH, KW). Each warp has 32 samples and computes for them a few channels of a few
// neighbouring positions; what the samples share, the weights, passes through shared memory, a part
// of the summed channels at a time. Sums run in an order of their own: the same bits for any number
// of blocks.
namespace tg::cuda {

namespace detail {

inline constexpr int warp_samples = 32, warps_of_block = 4;
inline constexpr int shared_weights = 4096;  // numbers of them that a block holds

constexpr int at_most(int extent, int limit) { return extent < limit ? extent : limit; }
constexpr int at_least_1(int extent) { return extent > 1 ? extent : 1; }

// How the outputs (Channels, Height, Width) of each of Groups are cut: tiles of a block are some
// channels of 32 samples, of which each of its warps takes some neighbouring positions of a row.
// Each output is a sum over `summed` channels.
template <int Groups, int Channels, int Height, int Width, int Summed, int KernelSize>
struct ImageTiles {
  static constexpr int tile_channels = at_most(Channels, 8), tile_positions = at_most(Width, 4);
  static constexpr int across_channels = tiles_of(Channels, tile_channels);
  static constexpr int across_width = tiles_of(Width, tile_positions);
  static constexpr int part =
      at_most(Summed, at_least_1(shared_weights / (tile_channels * KernelSize)));
  // Blocks that share the positions of an image, and tiles.
  static constexpr int runs(int warps) { return tiles_of(Height * across_width, warps); }
  static constexpr int count(int stride, int warps) {
    return stride / warp_samples * Groups * across_channels * runs(warps);
  }

  // Of tile `number`, for this warp: the last one's may have no such row.
  int sample, group, channel, row, position;
  template <class C>
  TYPEGRAD_DEVICE ImageTiles(const C& c, int number) {
    const int parts = runs(c.warps()), place = number % parts * c.warps() + c.warp();
    sample = number / (Groups * across_channels * parts) * warp_samples + c.lane();
    group = number / (across_channels * parts) % Groups;
    channel = number / parts % across_channels * tile_channels;
    row = place / across_width;
    position = place % across_width * tile_positions;
  }
};

// What Convolve and ConvolveBack differ in: the image that is made and the one that is summed over,
// which kernel of W joins two of their channels, and which row or column of the latter meets one
// of the former by a tap of the window; -1: none.
template <class G>
struct Forward {
  static constexpr int channels = G::group_outputs, summed = G::group_channels;
  static constexpr int height = G::output_height, width = G::output_width;
  static constexpr int from_height = G::height, from_width = G::width;

  TYPEGRAD_DEVICE static int kernel(int group, int channel, int from) {
    return (group * G::group_outputs + channel) * G::group_channels + from;
  }
  TYPEGRAD_DEVICE static int met(int at, int tap, int padding, int dilation, int stride,
                                 int extent) {
    const int from = at * stride - padding + tap * dilation;
    return from >= 0 && from < extent ? from : -1;
  }
};
template <class G>
struct Back {
  static constexpr int channels = G::group_channels, summed = G::group_outputs;
  static constexpr int height = G::height, width = G::width;
  static constexpr int from_height = G::output_height, from_width = G::output_width;

  TYPEGRAD_DEVICE static int kernel(int group, int channel, int from) {
    return (group * G::group_outputs + from) * G::group_channels + channel;
  }
  TYPEGRAD_DEVICE static int met(int at, int tap, int padding, int dilation, int stride,
                                 int extent) {
    const int from = at + padding - tap * dilation;
    return from >= 0 && from % stride == 0 && from / stride < extent ? from / stride : -1;
  }
};

template <class G, class Side>
struct SumOverWindow {
  using Tiles = ImageTiles<G::groups, Side::channels, Side::height, Side::width, Side::summed,
                           G::kernel_size>;
  template <class T>
  using Sums = T[Tiles::tile_channels][Tiles::tile_positions];
  static constexpr int threads = warps_of_block * warp_samples;
  static constexpr int tiles(int stride) { return Tiles::count(stride, warps_of_block); }

  template <class C, class From, class Weight, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const From& from, const Weight& weight, int stride,
                                  const Epilogue& epilogue) {
    using T = Computed<From>;
    const auto w = c.template shared<T, Tiles::tile_channels * Tiles::part * G::kernel_size>();
    for_each_tile(c, Tiles::count(stride, c.warps()), [&](int number) {
      const Tiles at(c, number);
      Sums<T> sum = {};
      for (int first = 0; first < Side::summed; first += Tiles::part) {
        const int count = at_most(Side::summed - first, Tiles::part);
        share<T>(c, weight, at, first, count, w);
        c.barrier();
        for (int i = 0; i < count && at.row < Side::height; ++i)
          add_channel(from, stride, at, first + i, i, w, sum);
        c.barrier();
      }
      for (int i = 0; i < Tiles::tile_channels; ++i)
        for (int p = 0; p < Tiles::tile_positions; ++p)
          if (at.channel + i < Side::channels && at.row < Side::height &&
              at.position + p < Side::width)
            epilogue(c,
                     ((at.group * Side::channels + at.channel + i) * Side::height + at.row) *
                             Side::width +
                         at.position + p,
                     at.sample, sum[i][p]);
    });
  }

 private:
  // w[(i * part + s) * kernel_size + k], of the tile's channel i and the part's summed channel s.
  template <class T, class C, class Weight, class Shared>
  TYPEGRAD_DEVICE static void share(const C& c, const Weight& weight, const Tiles& at, int first,
                                    int count, const Shared& w) {
    for_each_of_block(c, Tiles::tile_channels * count * G::kernel_size, [&](int n) {
      const int k = n % G::kernel_size, s = n / G::kernel_size % count;
      const int i = n / G::kernel_size / count, channel = at.channel + i;
      const int kernel = Side::kernel(at.group, channel, first + s);
      w[(i * Tiles::part + s) * G::kernel_size + k] =
          channel < Side::channels ? T(weight[kernel * G::kernel_size + k]) : T(0);
    });
  }
  template <class T, class From, class Shared>
  TYPEGRAD_DEVICE static void add_channel(const From& from, int stride, const Tiles& at,
                                          int channel, int shared_channel, const Shared& w,
                                          Sums<T>& sum) {
    const int plane = (at.group * Side::summed + channel) * Side::from_height;
    for (int ky = 0; ky < G::kernel_height; ++ky) {
      const int row = Side::met(at.row, ky, G::padding_height, G::dilation_height, G::stride_height,
                                Side::from_height);
      if (row < 0) continue;
      for (int kx = 0; kx < G::kernel_width; ++kx) {
        T value[Tiles::tile_positions];
        for (int p = 0; p < Tiles::tile_positions; ++p) {
          const int column = Side::met(at.position + p, kx, G::padding_width, G::dilation_width,
                                       G::stride_width, Side::from_width);
          const bool inside = at.position + p < Side::width && column >= 0;
          const int element = (plane + row) * Side::from_width + column;
          value[p] = inside ? T(from[element * stride + at.sample]) : T(0);
        }
        for (int i = 0; i < Tiles::tile_channels; ++i) {
          const T factor =
              w[(i * Tiles::part + shared_channel) * G::kernel_size + ky * G::kernel_width + kx];
          for (int p = 0; p < Tiles::tile_positions; ++p) sum[i][p] += factor * value[p];
        }
      }
    }
  }
};

}  // namespace detail

// y[o] = sum over channels and window of w x. run(c, x, weight, stride, epilogue), where
// epilogue(c, element, sample, value) gets each output.
template <class G>
struct Convolve : detail::SumOverWindow<G, detail::Forward<G>> {};

// dx[c] = sum over outputs and window of w dy, where an output read the position. run(c, dy,
// weight, stride, epilogue).
template <class G>
struct ConvolveBack : detail::SumOverWindow<G, detail::Back<G>> {};

// dw[o][c][ky][kx] = sum over samples and positions of dy x. A warp has up to 4 outputs of one tap:
// each lane adds its samples' positions in order, and the lanes' sums meet in a tree.
// epilogue(c, element, value) gets each element of dw.
template <class G>
struct ConvolutionWeightGradient {
  static constexpr int warps = detail::warps_of_block, threads = warps * detail::warp_samples;
  static constexpr int tile_outputs = detail::at_most(G::group_outputs, 4);
  static constexpr int across = tiles_of(G::group_outputs, tile_outputs);
  static constexpr int taps = G::group_channels * G::kernel_size;
  static constexpr int tasks = G::groups * across * taps;
  static constexpr int tiles() { return tiles_of(tasks, warps); }

  template <class C, class DY, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const DY& dy, const X& x, int stride, int count,
                                  const Epilogue& epilogue) {
    using T = Computed<X>;
    for_each_of_warps(c, tasks, [&](int task) {
      const int tap = task % taps, group = task / taps / across;
      const int first = task / taps % across * tile_outputs;
      T sum[tile_outputs] = {};
      for (int sample = c.lane(); sample < count; sample += detail::warp_samples)
        add_sample(dy, x, stride, sample, group, first, tap, sum);
      for (int o = 0; o < tile_outputs; ++o) {
        const T total = sum_of_lanes(c, sum[o]);
        if (first + o < G::group_outputs && c.lane() == 0)
          epilogue(c, (group * G::group_outputs + first + o) * taps + tap, total);
      }
    });
  }

 private:
  template <class DY, class X, class T>
  TYPEGRAD_DEVICE static void add_sample(const DY& dy, const X& x, int stride, int sample,
                                         int group, int first, int tap, T (&sum)[tile_outputs]) {
    const int kx = tap % G::kernel_width, ky = tap / G::kernel_width % G::kernel_height;
    const int plane = (group * G::group_channels + tap / G::kernel_size) * G::height;
    for (int row = 0; row < G::output_height; ++row) {
      const int y = row * G::stride_height - G::padding_height + ky * G::dilation_height;
      if (y < 0 || y >= G::height) continue;
      for (int column = 0; column < G::output_width; ++column) {
        const int at = column * G::stride_width - G::padding_width + kx * G::dilation_width;
        if (at < 0 || at >= G::width) continue;
        const T value = x[((plane + y) * G::width + at) * stride + sample];
        for (int o = 0; o < tile_outputs; ++o) {
          const int output = group * G::group_outputs + first + o;
          if (first + o < G::group_outputs)
            sum[o] +=
                value * dy[((output * G::output_height + row) * G::output_width + column) * stride +
                           sample];
        }
      }
    }
  }
};

}  // namespace tg::cuda
