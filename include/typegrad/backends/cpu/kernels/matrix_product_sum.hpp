// The weight gradient of a product with rows of its own in every sample: summed over the samples.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/matrix_product.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// `Count` places along depth of P vectors of columns, from lanes to samples: panel[place *
// lanes + lane] is P vectors of neighbouring columns of one sample, the last column again behind
// it.
template <class T, int V, int P, class Order, class B>
TYPEGRAD_INLINE void pack_columns(const B* from, int places, int columns, T* panel) {
  constexpr int W = width<T>, lanes = V * W;
  for (int place = 0; place < places; ++place)
    for (int vector = 0; vector < V; ++vector) {
      const B* const source = from + place * Order::along * lanes + vector * W;
      T* const to = panel + (place * lanes + vector * W) * (P * W);
      TYPEGRAD_UNROLL for (int p = 0; p < P; ++p) {
        Vector<T> tile[W];
        TYPEGRAD_UNROLL for (int i = 0; i < W; ++i) tile[i] =
            load(source + std::min(p * W + i, columns - 1) * Order::step * lanes);
        transpose<T>(tile);
        TYPEGRAD_UNROLL for (int i = 0; i < W; ++i) store(to + i * (P * W) + p * W, tile[i]);
      }
    }
}

// A rows x P vectors of columns: adds the sum over places and active lanes to gw.
template <class T, int V, int A, int P, class Order, class Left>
TYPEGRAD_INLINE void sum_block(T* __restrict gw, int row_step, const Left* __restrict left,
                               const T* __restrict panel, int places, int active, int columns,
                               bool accumulate) {
  constexpr int W = width<T>, lanes = V * W;
  Vector<T> sums[A][P];
  clear<T>(sums);
  for (int place = 0; place < places; ++place, left += Order::along * lanes) {
    const T* row = panel + place * lanes * (P * W);
    alignas(64) [[maybe_unused]] T room[A][converted_before<Left> ? lanes : 1];
    if constexpr (converted_before<Left>)
      for (int a = 0; a < A; ++a) numbers_at<lanes>(left + a * Order::step * lanes, room[a]);
    const auto factor_at = [&](int a, int lane) TYPEGRAD_INLINE_LAMBDA {
      if constexpr (converted_before<Left>)
        return splat(room[a][lane]);
      else
        return splat(left[a * Order::step * lanes + lane]);
    };
    for (int lane = 0; lane < active; ++lane, row += P * W) {
      Vector<T> held[P];
      TYPEGRAD_UNROLL for (int p = 0; p < P; ++p) held[p] = in_register<T>(load(row + p * W));
      TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
        const Vector<T> factor = factor_at(a, lane);
        TYPEGRAD_UNROLL for (int p = 0; p < P; ++p) sums[a][p] += factor * held[p];
      }
    }
  }
  TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
    TYPEGRAD_UNROLL for (int p = 0; p < P; ++p) {
      T* const to = gw + a * row_step + p * W;
      const int valid = std::min(W, columns - p * W);
      store_first(to, accumulate ? load_first(to, valid) + sums[a][p] : sums[a][p], valid);
    }
  }
}

}  // namespace detail

// gw[h, i, j] = (or += where `accumulate`) the sum over k and the tile's first `active` lanes of
// a[h, i, k] b[h, k, j]; the order of the sum depends on nothing else. a, b: as matrix_product's,
// both per sample. Lanes from `active` on may hold anything. Pre: 0 < active <= V * width.
template <class T, int V, class G, class A, class B>
TYPEGRAD_KERNEL void matrix_product_sum(const A* a, const B* b, int active, T* gw,
                                        bool accumulate) {
  using L = LeftOrder<G>;
  using R = RightOrder<G>;
  constexpr int W = width<T>, lanes = V * W, vectors = (G::columns + W - 1) / W;
  constexpr TileShape shape = tile_shape<1>(G::rows, vectors);
  constexpr int place_bytes = lanes * shape.columns * TYPEGRAD_VECTOR_BYTES;
  constexpr int together = std::clamp(product_panel_bytes / place_bytes, 1, G::depth);
  alignas(64) T panel[together * place_bytes / int(sizeof(T))];
  for (int h = 0; h < G::batches; ++h)
    for (int first = 0; first < G::depth; first += together) {
      const int places = std::min(together, G::depth - first);
      const A* const left = a + (h * L::batch + first * L::along) * lanes;
      const B* const right = b + (h * R::batch + first * R::along) * lanes;
      for_tiles<vectors, shape.columns>([&]<int P>(int vector) TYPEGRAD_INLINE_LAMBDA {
        const int column = vector * W, columns = std::min(P * W, G::columns - column);
        detail::pack_columns<T, V, P, R>(right + column * R::step * lanes, places, columns, panel);
        for_tiles<G::rows, shape.rows>([&]<int Rows>(int row) TYPEGRAD_INLINE_LAMBDA {
          detail::sum_block<T, V, Rows, P, L>(gw + (h * G::rows + row) * G::columns + column,
                                              G::columns, left + row * L::step * lanes, panel,
                                              places, active, columns, accumulate || first > 0);
        });
      });
    }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
