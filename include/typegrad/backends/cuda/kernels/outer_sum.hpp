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
        fill<T, Rows>(c, a, stride, first_row, first, count, a_tile);
        fill<T, Columns>(c, b, stride, first_column, first, count, b_tile);
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
  // tile[i][s] = x[first_element + i][first + s]; 0 past the end of either.
  template <class T, int Elements, class C, class From, class Tile>
  TYPEGRAD_DEVICE static void fill(const C& c, const From& x, int stride, int first_element,
                                   int first, int count, const Tile& tile) {
    for_each_of_block(c, block * depth, [&](int i) {
      const int element = first_element + i / depth, sample = first + i % depth;
      const bool inside = element < Elements && sample < count;
      tile[i / depth * pitch + i % depth] = inside ? T(x[element * stride + sample]) : T(0);
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
