// The gradient of a matrix: outer products of two vectors of each sample, summed over the samples.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// dw[r][k] = sum over s < count of a[r][s] b[k][s]. A block makes 32 x 32 of them, a thread 2 x 2,
// the samples in order, 32 at a time: the same bits for any number of blocks.
// epilogue(c, r, k, value) gets each element.
template <int Rows, int Columns>
struct OuterSum {
  static constexpr int threads = 256, block = 32, depth = 32, pitch = depth + 1;
  static constexpr int across = block / 2;
  static_assert(across * across == threads);
  static constexpr int tiles() { return tiles_of(Rows, block) * tiles_of(Columns, block); }

  template <class C, class A, class B, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, int stride, int count,
                                  const Epilogue& epilogue) {
    using T = Computed<A>;
    const auto a_tile = c.template shared<T, block * pitch, 0>();
    const auto b_tile = c.template shared<T, block * pitch, 1>();
    const int my_row = c.thread() / across, my_column = c.thread() % across;
    for_each_tile(c, tiles(), [&](int tile) {
      const int first_row = tile / tiles_of(Columns, block) * block;
      const int first_column = tile % tiles_of(Columns, block) * block;
      T sum[2][2] = {};
      for (int first = 0; first < count; first += depth) {
        fill(c, a, b, stride, first_row, first_column, first, count, a_tile, b_tile);
        c.barrier();
        for (int s = 0; s < depth; ++s)
          for (int i = 0; i < 2; ++i)
            for (int j = 0; j < 2; ++j)
              sum[i][j] += a_tile[(my_row + i * across) * pitch + s] *
                           b_tile[(my_column + j * across) * pitch + s];
        c.barrier();
      }
      for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j) {
          const int row = first_row + my_row + i * across;
          const int column = first_column + my_column + j * across;
          if (row < Rows && column < Columns) epilogue(c, row, column, sum[i][j]);
        }
    });
  }

 private:
  // a_tile[i][s] = a[first_row + i][first + s], b_tile as well; 0 past the end of either.
  template <class C, class A, class B, class Tile>
  TYPEGRAD_DEVICE static void fill(const C& c, const A& a, const B& b, int stride, int first_row,
                                   int first_column, int first, int count, const Tile& a_tile,
                                   const Tile& b_tile) {
    constexpr int numbers = block * depth;
    in_batches_of_block(
        c, 2 * numbers,
        [&](int i) -> Computed<A> {
          const int element = i / depth % block, sample = first + i % depth;
          const bool of_a = i < numbers;
          const int row = (of_a ? first_row : first_column) + element;
          if (sample >= count || row >= (of_a ? Rows : Columns)) return 0;
          return of_a ? Computed<A>(a[row * stride + sample])
                      : Computed<A>(b[row * stride + sample]);
        },
        [&](int i, Computed<A> number) {
          const int at = i / depth % block * pitch + i % depth;
          (i < numbers ? a_tile : b_tile)[at] = number;
        });
  }
};

// sum[e] = sum over s < count of x[e][s]: a warp an element. Each lane adds every 32nd sample in
// order, and the lanes' sums meet in a tree: the same bits for any number of blocks.
template <int Elements>
struct BatchSum {
  static constexpr int threads = 128, warps = threads / 32;
  static constexpr int tiles() { return tiles_of(Elements, warps); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, int count,
                                  const Epilogue& epilogue) {
    for_each_of_warps(c, Elements, [&](int element) {
      Computed<X> sum = 0;
      for (int s = c.lane(); s < count; s += 32) sum += x[element * stride + s];
      sum = sum_of_lanes(c, sum);
      if (c.lane() == 0) epilogue(c, element, sum);
    });
  }
};

}  // namespace tg::cuda
