// Products of matrices and transpositions in the latency layout: vectors along the last axis.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/matrix_product.hpp"
#include "typegrad/backends/cpu/kernels/permute.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Columns of the right factor, packed, take at most this much of the stack (a vector of them may
// take more).
inline constexpr int latency_panel_bytes = 131072;

namespace detail {

// panel[k][p] = the `columns` columns at b, in P vectors; behind them, anything.
template <class T, class G, int P>
TYPEGRAD_INLINE void pack_latency_panel(const T* b, int columns, T* panel) {
  constexpr int W = width<T>;
  for (int p = 0; p < P; ++p) {
    const int valid = std::min(W, columns - p * W);
    T* const to = panel + p * W;
    if constexpr (!G::swapped_right) {
      for (int k = 0; k < G::depth; ++k)
        store(to + k * (P * W), load_first(b + k * G::columns + p * W, valid));
    } else {
      for (int k = 0; k < G::depth; k += W) {
        const int places = std::min(W, G::depth - k);
        Vector<T> tile[W];
        TYPEGRAD_UNROLL for (int i = 0; i < W; ++i) tile[i] =
            load_first(b + (p * W + std::min(i, valid - 1)) * G::depth + k, places);
        transpose<T>(tile);
        for (int i = 0; i < places; ++i) store(to + (k + i) * (P * W), tile[i]);
      }
    }
  }
}

}  // namespace detail

// y[h, i, j] = sum over k of a[h, i, k] b[h, k, j], plain arrays as matrix_product's.
// epilogue.flat( row, element, y, count) stores `count` elements from one vector.
template <class T, class G, class Epilogue>
TYPEGRAD_KERNEL void latency_matrix_product(const T* __restrict a, const T* __restrict b,
                                            const Epilogue& epilogue) {
  using L = LeftOrder<G>;
  using R = RightOrder<G>;
  constexpr int W = width<T>, vectors = (G::columns + W - 1) / W;
  constexpr int most = std::max(1, latency_panel_bytes / (G::depth * TYPEGRAD_VECTOR_BYTES));
  constexpr TileShape shape = tile_shape<1>(G::rows, std::min(vectors, most));
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  alignas(64) T panel[G::depth * shape.columns * W];
  for (int h = 0; h < G::batches; ++h)
    for_tiles<vectors, shape.columns>([&]<int P>(int vector) TYPEGRAD_INLINE_LAMBDA {
      const int column = vector * W;
      detail::pack_latency_panel<T, G, P>(b + h * R::batch + column * R::step, G::columns - column,
                                          panel);
      for_tiles<G::rows, shape.rows>([&]<int A>(int row) TYPEGRAD_INLINE_LAMBDA {
        const T* const left = a + h * L::batch + row * L::step;
        product_block<T, A, P, G::depth>(
            [&](int i, int k)
                TYPEGRAD_INLINE_LAMBDA { return splat(left[i * L::step + k * L::along]); },
            [&](int p, int k) TYPEGRAD_INLINE_LAMBDA { return load(panel + (k * P + p) * W); },
            [&](int i, int p, Vector<T> sum) TYPEGRAD_INLINE_LAMBDA {
              const int at = h * G::rows + row + i, first = column + p * W;
              stores.flat(at, at * G::columns + first, sum, std::min(W, G::columns - first));
            });
      });
    });
}

namespace detail {

template <class T, class Last, class Epilogue>
TYPEGRAD_INLINE int latency_permute_axes(const T* x, int element, const Epilogue& epilogue) {
  constexpr int W = width<T>;
  for (int column = 0; column < Last::extent; column += W) {
    const int count = std::min(W, Last::extent - column);
    Vector<T> value{};
    if constexpr (Last::step == 1)
      value = load_first(x + column, count);
    else
      for (int lane = 0; lane < count; ++lane) value[lane] = x[(column + lane) * Last::step];
    epilogue.flat(0, element + column, value, count);
  }
  return element + Last::extent;
}
template <class T, class First, class Second, class... Rest, class Epilogue>
TYPEGRAD_INLINE int latency_permute_axes(const T* x, int element, const Epilogue& epilogue) {
  for (int i = 0; i < First::extent; ++i)
    element = latency_permute_axes<T, Second, Rest...>(x + i * First::step, element, epilogue);
  return element;
}

}  // namespace detail

// epilogue.flat(0, element, values, count) for the result's elements in order.
template <class T, class... Axes, class Epilogue>
TYPEGRAD_KERNEL void latency_permute(const T* x, const Epilogue& epilogue) {
  const Epilogue stores = epilogue;
  detail::latency_permute_axes<T, Axes...>(x, 0, stores);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
