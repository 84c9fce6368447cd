// The weight gradient of a product: the sum over samples of outer products.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/tile.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Columns in vectors; the last may be partial.
template <class T, int Columns>
inline constexpr int outer_sum_vectors = (Columns + width<T> - 1) / width<T>;
template <class T, int Rows, int Columns>
inline constexpr TileShape outer_sum_tile = tile_shape<1>(Rows, outer_sum_vectors<T, Columns>);

// A range of rows begins at a multiple of this.
template <class T, int Rows, int Columns>
inline constexpr int outer_sum_row_block = outer_sum_tile<T, Rows, Columns>.rows;

// Some columns of some samples, packed: at any stride of x, even a power of two, they lie in the
// first cache together.
inline constexpr int outer_sum_panel_bytes = 24576;

// A rows x B vectors of gw: dy points at the first row and sample, panel at (samples) [B * width].
template <class T, int V, int A, int B, int Columns, bool Large, class Y>
TYPEGRAD_INLINE void outer_sum_block(T* __restrict gw, const Y* __restrict dy, long dy_tile_stride,
                                     const T* __restrict panel, int lane, int count, int column,
                                     bool accumulate) {
  constexpr int lanes = V * width<T>;
  Vector<T> sums[A][B];
  clear<T>(sums);
  // The lines of a large gw that the sums go to arrive while they are made.
  if constexpr (Large) TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
      TYPEGRAD_UNROLL for (int b = 0; b < B; ++b)
          __builtin_prefetch(gw + column + a * Columns + b * width<T>, 1);
    }
  while (count > 0) {
    const int end = std::min(lanes, lane + count);
    count -= end - lane;
    alignas(64) [[maybe_unused]] T room[converted_before<Y> ? A * lanes : 1];
    const auto* const rows = numbers_at<A * lanes>(dy, room);
    for (; lane < end; ++lane, panel += B * width<T>) {
      if constexpr (A <= B) {
        Vector<T> held[A];
        TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) held[a] = splat(rows[a * lanes + lane]);
        TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) {
          const Vector<T> value = load(panel + b * width<T>);
          TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) sums[a][b] += held[a] * value;
        }
      } else {
        Vector<T> held[B];
        TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) held[b] = load(panel + b * width<T>);
        TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
          const Vector<T> factor = splat(rows[a * lanes + lane]);
          TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) sums[a][b] += factor * held[b];
        }
      }
    }
    lane = 0;
    dy += dy_tile_stride;
  }
  gw += column;
  const int last = std::min(width<T>, Columns - column - (B - 1) * width<T>);
  const auto valid = [last](int b) { return b < B - 1 ? width<T> : last; };
  if (accumulate) TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
      TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) sums[a][b] +=
          load_first(gw + a * Columns + b * width<T>, valid(b));
    }
  TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
    TYPEGRAD_UNROLL for (int b = 0; b < B; ++b)
        store_first(gw + a * Columns + b * width<T>, sums[a][b], valid(b));
  }
}

// All rows of the range for B vectors of columns.
template <class T, int V, int Rows, int Columns, int B, class RoundedTo, class Y, class X>
TYPEGRAD_INLINE void outer_sum_panel(T* gw, const Y* dy, long dy_tile_stride, const X* x,
                                     long x_stride, int count, int row_begin, int row_end,
                                     int column, bool accumulate) {
  constexpr int lanes = V * width<T>, tile = outer_sum_tile<T, Rows, Columns>.rows;
  constexpr int samples = outer_sum_panel_bytes / (B * TYPEGRAD_VECTOR_BYTES);
  constexpr int rest = Columns % width<T>;
  constexpr bool large = long(Rows) * Columns * sizeof(T) >= (1 << 19);
  const auto numbers = [](Vector<T> read) TYPEGRAD_INLINE_LAMBDA {
    if constexpr (std::is_same_v<RoundedTo, T> || std::is_same_v<RoundedTo, X>)
      return read;
    else
      return rounded_to<RoundedTo>(read);
  };
  alignas(64) T panel[samples * B * width<T>];
  const bool partial = rest > 0 && column + B * width<T> > Columns;
  const int chunks = (count + samples - 1) / samples, even = (count + chunks - 1) / chunks;
  for (int first = 0; first < count; first += even) {
    const int chunk = std::min(even, count - first);
    for (int s = 0; s < chunk; ++s) {
      const X* from = x + (first + s) * x_stride + column;
      T* to = panel + s * (B * width<T>);
      TYPEGRAD_UNROLL for (int b = 0; b < B - 1; ++b)
          store(to + b * width<T>, numbers(load_unaligned(from + b * width<T>)));
      from += (B - 1) * width<T>, to += (B - 1) * width<T>;
      store(to, numbers(partial ? load_first(from, rest) : load_unaligned(from)));
    }
    const Y* gradient = dy + first / lanes * dy_tile_stride;
    int row = row_begin;
    for (; row + tile <= row_end; row += tile)
      outer_sum_block<T, V, tile, B, Columns, large>(
          gw + long(row) * Columns, gradient + row * lanes, dy_tile_stride, panel, first % lanes,
          chunk, column, accumulate || first > 0);
    if constexpr (Rows % tile > 0)
      if (row < row_end)
        outer_sum_block<T, V, Rows % tile, B, Columns, large>(
            gw + long(row) * Columns, gradient + row * lanes, dy_tile_stride, panel, first % lanes,
            chunk, column, accumulate || first > 0);
  }
}

// gw[n, k] = (or += where `accumulate`) the sum over samples s < count of dy[n](s) x[s, k], for
// rows n in [row_begin, row_end); the order of the sum depends on count alone. gw: (Rows, Columns);
// dy: tiles of V * width samples at a distance of dy_tile_stride, each (Rows) [V * width]; x: row s
// at x + s * x_stride. Samples from count on, and x behind a row's Columns, are not read. Pre:
// count > 0; row_begin a multiple of outer_sum_row_block, row_end too or Rows. The numbers of x are
// those of memory, rounded to RoundedTo.
template <class T, int V, int Rows, int Columns, class RoundedTo = T, class Y, class X>
TYPEGRAD_KERNEL void outer_sum(T* gw, const Y* dy, long dy_tile_stride, const X* x, long x_stride,
                               int count, int row_begin, int row_end, bool accumulate) {
  constexpr int vectors = outer_sum_vectors<T, Columns>,
                panel = outer_sum_tile<T, Rows, Columns>.columns;
  constexpr int whole = vectors / panel * panel;
  for (int vector = 0; vector < whole; vector += panel)
    outer_sum_panel<T, V, Rows, Columns, panel, RoundedTo>(gw, dy, dy_tile_stride, x, x_stride,
                                                           count, row_begin, row_end,
                                                           vector * width<T>, accumulate);
  if constexpr (vectors > whole)
    outer_sum_panel<T, V, Rows, Columns, vectors - whole, RoundedTo>(
        gw, dy, dy_tile_stride, x, x_stride, count, row_begin, row_end, whole * width<T>,
        accumulate);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
