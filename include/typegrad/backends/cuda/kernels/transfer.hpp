// Samples to lanes and back: a transposition by tiles, through shared memory.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

namespace detail {
// Tiles of 32 x 32; a column more, so that a warp that goes down a column meets 32 banks.
inline constexpr int square = 32, pitch = square + 1;
}  // namespace detail

// The order of a call that has the caller's samples as they come.
struct AsTheyCome {
  TYPEGRAD_DEVICE constexpr int operator[](int sample) const { return sample; }
};

// lanes[element][s] = rows[order[s]][element] for s < count; samples behind them repeat the last.
// `order` says which of the caller's samples a call has: a dataset stays where it is. Rows may be
// integers.
template <int Elements>
struct Load {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(Elements, detail::square) * tiles_of(stride, detail::square);
  }

  template <class C, class Rows, class Order, class Lanes>
  TYPEGRAD_DEVICE static void run(const C& c, const Rows& rows, const Order& order, int count,
                                  const Lanes& lanes, int stride) {
    using detail::pitch, detail::square;
    using T = Computed<Lanes>;
    const auto tile = c.template shared<T, square * pitch>();
    for_each_tile(c, tiles(stride), [&](int number) {
      constexpr int across = tiles_of(Elements, square);
      const int first_element = number % across * square, first = number / across * square;
      in_batches_of_block(
          c, square * square,
          [&](int i) -> T {
            const int element = first_element + i % square, sample = first + i / square;
            const int given = sample < count ? sample : count - 1;
            return element < Elements ? T(rows[std::int64_t(order[given]) * Elements + element])
                                      : T(0);
          },
          [&](int i, T x) { tile[i / square * pitch + i % square] = x; });
      c.barrier();
      for_each_of_block(c, square * square, [&](int i) {
        const int element = first_element + i / square, sample = first + i % square;
        if (element < Elements && sample < stride)
          put(lanes, element * stride + sample, T(tile[i % square * pitch + i / square]));
      });
      c.barrier();  // the next tile overwrites this one
    });
  }
};

// rows[s][element] = lanes[element][s] for s < count.
template <int Elements>
struct Store {
  static constexpr int threads = 256;
  static constexpr int tiles(int count) {
    return tiles_of(Elements, detail::square) * tiles_of(count, detail::square);
  }

  template <class C, class Lanes, class Rows>
  TYPEGRAD_DEVICE static void run(const C& c, const Lanes& lanes, int stride, int count,
                                  const Rows& rows) {
    using detail::pitch, detail::square;
    using T = Computed<Lanes>;
    const auto tile = c.template shared<T, square * pitch>();
    for_each_tile(c, tiles(count), [&](int number) {
      constexpr int across = tiles_of(Elements, square);
      const int first_element = number % across * square, first = number / across * square;
      in_batches_of_block(
          c, square * square,
          [&](int i) -> T {
            const int element = first_element + i / square, sample = first + i % square;
            return element < Elements && sample < count ? T(lanes[element * stride + sample])
                                                        : T(0);
          },
          [&](int i, T x) { tile[i % square * pitch + i / square] = x; });
      c.barrier();
      for_each_of_block(c, square * square, [&](int i) {
        const int element = first_element + i % square, sample = first + i / square;
        if (element < Elements && sample < count)
          rows[std::int64_t(sample) * Elements + element] = tile[i / square * pitch + i % square];
      });
      c.barrier();
    });
  }
};

}  // namespace tg::cuda
