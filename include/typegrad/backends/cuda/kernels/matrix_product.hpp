// Products of matrices of which at least one is each sample's own: a thread for each number.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

namespace detail {

// Where element (row, k) of the left factor of batch `batch` is, and (k, column) of the right one.
template <class G>
TYPEGRAD_DEVICE constexpr int left_element(int batch, int row, int k) {
  return batch * G::rows * G::depth + (G::swapped_left ? k * G::rows + row : row * G::depth + k);
}
template <class G>
TYPEGRAD_DEVICE constexpr int right_element(int batch, int k, int column) {
  return batch * G::depth * G::columns +
         (G::swapped_right ? column * G::depth + k : k * G::columns + column);
}

}  // namespace detail

// y[b][r][c] = sum over k of a[b][r][k] b[b][k][c], in order. G is a MatrixProduct of
// passes/geometry.hpp; Left and Right say which factors have a value for each sample.
// epilogue(c, element, sample, value) gets each number.
template <class G, bool Left, bool Right>
struct Multiply {
  static constexpr int threads = 256, elements = G::batches * G::rows * G::columns;
  static constexpr int tiles(int stride) { return tiles_of(elements * stride, threads); }

  template <class C, class A, class B, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, int stride,
                                  const Epilogue& epilogue) {
    using T = Computed<A>;
    for_each_number(c, elements, stride, [&](int element, int sample) {
      const int batch = element / (G::rows * G::columns);
      const int row = element / G::columns % G::rows, column = element % G::columns;
      T sum = 0;
      for (int k = 0; k < G::depth; ++k) {
        const int i = detail::left_element<G>(batch, row, k);
        const int j = detail::right_element<G>(batch, k, column);
        sum += T(a[Left ? i * stride + sample : i]) * T(b[Right ? j * stride + sample : j]);
      }
      epilogue(c, element, sample, sum);
    });
  }
};

// y[b][r][c] = sum over s < count and k of a[b][r][k][s] b[b][k][c][s]: a warp each. Each lane adds
// its samples in order, and the lanes' sums meet in a tree: the same bits for any number of blocks.
// epilogue(c, element, value) gets each element.
template <class G>
struct MultiplySum {
  static constexpr int threads = 128, warps = threads / 32;
  static constexpr int elements = G::batches * G::rows * G::columns;
  static constexpr int tiles() { return tiles_of(elements, warps); }

  template <class C, class A, class B, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const A& a, const B& b, int stride, int count,
                                  const Epilogue& epilogue) {
    using T = Computed<A>;
    for_each_of_warps(c, elements, [&](int element) {
      const int batch = element / (G::rows * G::columns);
      const int row = element / G::columns % G::rows, column = element % G::columns;
      T sum = 0;
      for (int k = 0; k < G::depth; ++k)
        for (int s = c.lane(); s < count; s += 32)
          sum += T(a[detail::left_element<G>(batch, row, k) * stride + s]) *
                 T(b[detail::right_element<G>(batch, k, column) * stride + s]);
      sum = sum_of_lanes(c, sum);
      if (c.lane() == 0) epilogue(c, element, sum);
    });
  }
};

}  // namespace tg::cuda
