// Convolutions and the gradients of their inputs: a tile of sums in the registers of each lane.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/convolution_sides.hpp"
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

// A lane has a sample, and asks for all numbers of some rows at once: what a small network waits
// for is memory. Sums run in an order of their own: the same bits for any number of blocks.
namespace tg::cuda {

namespace detail {

// How an image of sums is cut: a warp has `channels` of `positions` neighbouring columns of a row;
// of a block's warps, `parts` have the same ones, and a share of the summed channels each.
struct Tiling {
  int channels, positions, parts;
};

// Numbers of a row of the window that wait in registers beside the tile's sums: more of them, and
// 32 sums, are more than the 128 registers of a lane whose block shares a multiprocessor.
inline constexpr int most_of_rows = 48;

// How many rows of the window are read together: some whole ones, or one.
template <class G, class Side>
constexpr int rows_at_once(int positions) {
  const int span = Side::span(positions, at_most(G::kernel_width, most_taps));
  return at_most(at_least_1(most_of_rows / span), G::kernel_height);
}
// Weights of neighbouring channels that are read in one access.
constexpr int pack_of(int channels) { return channels % 4 == 0 ? 4 : channels % 2 == 0 ? 2 : 1; }

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
        const int reads = channels / pack_of(channels);
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
  static constexpr int pack = pack_of(channels);
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

}  // namespace detail

// y[o] = sum over channels and window of w x. run(c, x, weight, stride, epilogue), where
// epilogue(c, element, sample, value) gets each output.
template <class G>
struct Convolve : detail::SumOverWindow<G, detail::Forward<G>> {};

// dx[c] = sum over outputs and window of w dy, where an output read the position. run(c, dy,
// weight, stride, epilogue).
template <class G>
struct ConvolveBack : detail::SumOverWindow<G, detail::Back<G>> {};

}  // namespace tg::cuda
