// Convolutions and their gradients: a lane per sample, a tile of outputs in registers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

// G is a Convolution of passes/geometry.hpp. Images are (C, H, W), weights (O, C /
// groups, KH, KW). A lane has a sample, and asks for all numbers of some rows at once: what a small
// network waits for is memory. Sums run in an order of their own: the same bits for any number of
// blocks.
namespace tg::cuda {

namespace detail {

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

// How an image of sums is cut: a warp has `channels` of `positions` neighbouring columns of a row;
// of a block's warps, `parts` have the same ones, and a share of the summed channels each.
struct Tiling {
  int channels, positions, parts;
};

// Numbers that are read together: some whole rows of the window, or one.
template <class G, class Side>
constexpr int rows_at_once(int positions) {
  const int span = Side::span(positions, at_most(G::kernel_width, most_taps));
  return at_most(at_least_1(most_asked_for * 3 / 4 / span), G::kernel_height);
}
// The cut that takes the fewest cycles for 64 samples on a device of some hundred multiprocessors,
// about: instructions of a warp, two of which share a scheduler, and 500 for each wait.
template <class G, class Side>
constexpr Tiling tiling_of() {
  constexpr int multiprocessors = 128, wait = 500, exchange = 150;
  constexpr int taps = at_most(G::kernel_width, most_taps);
  Tiling best{1, 1, 1};
  long least = -1;
  for (int channels = 1; channels <= at_most(Side::channels, 8); ++channels)
    for (int positions = 1; positions <= at_most(Side::width, 8); ++positions)
      for (int parts = 1; parts <= at_most(Side::summed, warps_of_block); parts *= 2) {
        const int sums = channels * positions, places = warps_of_block / parts;
        const bool fits = parts == 1 || (sums * places * warp_samples <= shared_numbers &&
                                         parts * channels * G::kernel_size <= shared_numbers);
        if (sums > 32 || !fits) continue;
        const int rows = rows_at_once<G, Side>(positions), shares = tiles_of(Side::summed, parts);
        const int reads = channels % 4 == 0   ? channels / 4
                          : channels % 2 == 0 ? channels / 2
                                              : channels;
        const long issued = long(shares) * G::kernel_height *
                            (2 * Side::span(positions, taps) + G::kernel_width * (reads + sums));
        const long waits = long(shares) * tiles_of(G::kernel_height, rows) * wait;
        const long blocks = 2L * G::groups * tiles_of(Side::channels, channels) *
                            tiles_of(Side::height * tiles_of(Side::width, positions), places);
        const long rounds = (blocks + multiprocessors - 1) / multiprocessors;
        const long cycles = rounds * 2 * issued + (rounds + 3) / 4 * waits + (parts - 1) * exchange;
        if (least < 0 || cycles < least) least = cycles, best = {channels, positions, parts};
      }
  return best;
}

template <class G, class Side>
struct SumOverWindow {
  static constexpr int threads = warps_of_block * warp_samples;
  static constexpr Tiling tiling = tiling_of<G, Side>();
  static constexpr int channels = tiling.channels, positions = tiling.positions;
  static constexpr int parts = tiling.parts, places = warps_of_block / parts;
  static constexpr int across_channels = tiles_of(Side::channels, channels);
  static constexpr int across_width = tiles_of(Side::width, positions);
  static constexpr int runs = tiles_of(Side::height * across_width, places);
  static constexpr int tiles(int stride) {
    return stride / warp_samples * G::groups * across_channels * runs;
  }

  template <class C, class From, class Weight, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const From& from, const Weight& weight, int stride,
                                  const Epilogue& epilogue) {
    using T = Computed<From>;
    const auto w = c.template shared<T, parts * staged * of_channel, 0>();
    for_each_tile(c, tiles(stride), [&](int number) {
      const Place at(c, number);
      Sums<T> sum = {};
      for (int first = 0; first < part_channels; first += staged) {
        const int count = at_most(part_channels - first, staged);
        stage<T>(c, weight, at, first, count, w);
        c.barrier();
        for (int i = 0; i < count; ++i) {
          const int channel = at.part * part_channels + first + i;
          if (channel < Side::summed && at.row < Side::height)
            add_channel(c, from, stride, at, channel, w + (at.part * staged + i) * of_channel, sum);
        }
        c.barrier();
      }
      if constexpr (parts > 1) add_parts(c, at, sum);
      TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < channels * positions; ++n) {
        const int channel = at.channel + n / positions, column = at.position + n % positions;
        const bool inside =
            channel < Side::channels && at.row < Side::height && column < Side::width;
        const int plane = at.group * Side::channels + channel;
        if (at.part == 0 && inside)
          epilogue(c, (plane * Side::height + at.row) * Side::width + column, at.sample,
                   sum[n / positions][n % positions]);
      }
    });
  }

 private:
  static constexpr int taps = at_most(G::kernel_width, most_taps);
  static constexpr int rows = rows_at_once<G, Side>(positions);
  static constexpr int span = Side::span(positions, taps);
  static constexpr int pack = channels % 4 == 0 ? 4 : channels % 2 == 0 ? 2 : 1;
  // Summed channels: of a part, and of those how many have their weights in shared memory.
  static constexpr int part_channels = tiles_of(Side::summed, parts);
  static constexpr int of_channel = channels * G::kernel_size;
  static constexpr int staged =
      at_most(part_channels, at_least_1(shared_numbers / (parts * of_channel)));
  template <class T>
  using Sums = T[channels][positions];

  // What this warp has of a tile: the last one's may have no such row.
  struct Place {
    int sample, group, channel, row, position, part, of_part;
    template <class C>
    TYPEGRAD_DEVICE Place(const C& c, int number)
        : part(c.warp() / places), of_part(c.warp() % places) {
      const int place = number % runs * places + of_part;
      sample = number / (G::groups * across_channels * runs) * warp_samples + c.lane();
      group = number / (across_channels * runs) % G::groups;
      channel = number / runs % across_channels * channels;
      row = place / across_width;
      position = place % across_width * positions;
    }
  };

  // w[((part * staged + s) * kernel_size + k) * channels + i], of the tile's channel i and the
  // part's summed channel first + s.
  template <class T, class C, class Weight, class Shared>
  TYPEGRAD_DEVICE static void stage(const C& c, const Weight& weight, const Place& at, int first,
                                    int count, const Shared& w) {
    struct Element {
      int k, s, i, part;
    };
    const auto element = [count](int n) -> Element {
      return {n % G::kernel_size, n / G::kernel_size % count,
              n / (G::kernel_size * count) % channels, n / (of_channel * count)};
    };
    in_batches_of_block(
        c, parts * count * of_channel,
        [&](int n) -> T {
          const Element of = element(n);
          const int from = of.part * part_channels + first + of.s, channel = at.channel + of.i;
          if (from >= Side::summed || channel >= Side::channels) return T(0);
          return weight[Side::kernel(at.group, channel, from) * G::kernel_size + of.k];
        },
        [&](int n, T number) {
          const Element of = element(n);
          w[((of.part * staged + of.s) * G::kernel_size + of.k) * channels + of.i] = number;
        });
  }
  template <class T, class C, class From, class Shared>
  TYPEGRAD_DEVICE static void add_channel(const C& c, const From& from, int stride, const Place& at,
                                          int channel, const Shared& w, Sums<T>& sum) {
    const int plane = (at.group * Side::summed + channel) * Side::from_height;
    for (int tap = 0; tap < G::kernel_width; tap += taps)
      for (int first = 0; first < G::kernel_height; first += rows) {
        T line[rows][span];
        TYPEGRAD_DEVICE_UNROLL for (int r = 0; r < rows; ++r) {
          const int row = row_of(at, first + r);
          TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < span; ++i) {
            const int column = Side::column(at.position, tap, taps, i);
            const int element = (plane + row) * Side::from_width + column;
            line[r][i] = row >= 0 && column >= 0 ? T(from[element * stride + at.sample]) : T(0);
          }
        }
        c.wait_once();
        TYPEGRAD_DEVICE_UNROLL for (int r = 0; r < rows; ++r) {
          if (row_of(at, first + r) < 0) continue;
          TYPEGRAD_DEVICE_UNROLL for (int t = 0; t < taps; ++t) if (tap + t < G::kernel_width)
              add_tap(w + ((first + r) * G::kernel_width + tap + t) * channels, line[r], t, sum);
        }
      }
  }
  TYPEGRAD_DEVICE static int row_of(const Place& at, int tap) {
    return tap < G::kernel_height ? Side::row(at.row, tap) : -1;
  }
  template <class T, class Shared>
  TYPEGRAD_DEVICE static void add_tap(const Shared& w, const T (&line)[span], int tap,
                                      Sums<T>& sum) {
    TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < channels; i += pack) {
      const Pack<T, pack> factor = w.template load_pack<pack>(i);
      TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < pack; ++k) {
        TYPEGRAD_DEVICE_UNROLL for (int p = 0; p < positions; ++p) sum[i + k][p] +=
            factor.x[k] * line[Side::index(p, tap, taps)];
      }
    }
  }
  // The first part's warps get the sums of the others, in their order.
  template <class T, class C>
  TYPEGRAD_DEVICE static void add_parts(const C& c, const Place& at, Sums<T>& sum) {
    constexpr int sums = channels * positions;
    const auto others = c.template shared<T, places * sums * warp_samples, 1>();
    const int mine = at.of_part * sums * warp_samples + c.lane();
    for (int part = 1; part < parts; ++part) {
      if (at.part == part)
        TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < sums; ++n) others[mine + n * warp_samples] =
            sum[n / positions][n % positions];
      c.barrier();
      if (at.part == 0)
        TYPEGRAD_DEVICE_UNROLL for (int n = 0; n < sums; ++n) sum[n / positions][n % positions] +=
            others[mine + n * warp_samples];
      c.barrier();
    }
  }
};

// Outputs that a block of ConvolutionWeightGradient has: as many as leave work for the device.
template <class G>
constexpr int gradient_outputs() {
  const int rows = G::groups * G::group_channels * G::kernel_height;
  int outputs = at_most(G::group_outputs, 4);
  while (outputs > 1 && rows * tiles_of(G::group_outputs, outputs) < 64) outputs /= 2;
  return outputs;
}

}  // namespace detail

// y[o] = sum over channels and window of w x. run(c, x, weight, stride, epilogue), where
// epilogue(c, element, sample, value) gets each output.
template <class G>
struct Convolve : detail::SumOverWindow<G, detail::Forward<G>> {};

// dx[c] = sum over outputs and window of w dy, where an output read the position. run(c, dy,
// weight, stride, epilogue).
template <class G>
struct ConvolveBack : detail::SumOverWindow<G, detail::Back<G>> {};

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
