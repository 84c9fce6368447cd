// 2-D convolution of one sample, in the latency layout: vectors along the output's positions.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/tile.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// The input of a band of output rows, padded, is copied so that every tap of a run of positions is
// a run of numbers: for each channel, a plane for every remainder of rows and columns by the
// stride. Rows follow each other at one pitch, so a vector goes on from row to row; what it makes
// between a row's end and the next one's begin is dropped.
template <class T, class G>
struct LatencyConvolution {
  static constexpr int pitch =
      G::output_width + (G::kernel_width - 1) * G::dilation_width / G::stride_width;
  static constexpr int extra_rows = (G::kernel_height - 1) * G::dilation_height / G::stride_height;
  static constexpr int row_planes =
      std::min(G::stride_height, (G::kernel_height - 1) * G::dilation_height + 1);
  static constexpr int column_planes =
      std::min(G::stride_width, (G::kernel_width - 1) * G::dilation_width + 1);
  static constexpr int planes = row_planes * column_planes;
  // Output rows at a time: what needs at most some 64 KB of copied input.
  static constexpr int most_rows =
      std::max(1, (1 << 16) / (G::channels * planes * pitch * int(sizeof(T))) - extra_rows);
  static constexpr Split bands = split(G::output_height, most_rows);
  static constexpr int band = bands.tile, rows = band + extra_rows, plane = rows * pitch;
  static constexpr int vectors = ((band - 1) * pitch + G::output_width + width<T> - 1) / width<T>;
  static constexpr int size = G::channels * planes * plane + width<T> * 2;
  static constexpr TileShape tile = tile_shape<1>(G::group_outputs, vectors);

  // Copies what output rows from `first` on need. Post: the padding and what lies behind is zero.
  static TYPEGRAD_INLINE void copy(T* __restrict to, const T* __restrict x, int first) {
    constexpr int padding = G::padding_width, stride = G::stride_width;
    std::fill(to + G::channels * planes * plane, to + size, T(0));
    for (int c = 0; c < G::channels; ++c)
      for (int down = 0; down < row_planes; ++down)
        for (int across = 0; across < column_planes; ++across)
          for (int r = 0; r < rows; ++r, to += pitch) {
            const int row = (first + r) * G::stride_height + down - G::padding_height;
            const T* from = x + (c * G::height + row) * G::width;
            if (row < 0 || row >= G::height) {
              std::fill(to, to + pitch, T(0));
            } else if constexpr (stride == 1) {
              constexpr int copied = std::min(G::width, pitch - padding);
              std::fill(to, to + padding, T(0));
              std::memcpy(to + padding, from, copied * sizeof(T));
              std::fill(to + padding + copied, to + pitch, T(0));
            } else {
              for (int q = 0; q < pitch; ++q) {
                const int column = q * stride + across - padding;
                to[q] = column >= 0 && column < G::width ? from[column] : T(0);
              }
            }
          }
  }

  // A channels x B vectors; `sums` holds a run of positions for each channel.
  template <int A, int B>
  static TYPEGRAD_INLINE void run(T* __restrict to, const T* __restrict w, const T* __restrict x) {
    constexpr int unrolled = G::kernel_width <= 9 ? G::kernel_width : 1;
    Vector<T> sums[A][B];
    clear<T>(sums);
    for (int c = 0; c < G::group_channels; ++c)
      for (int u = 0; u < G::kernel_height; ++u) {
        const int down = u * G::dilation_height;
        const T* weights = w + c * G::kernel_size + u * G::kernel_width;
        const T* line =
            unrelated(x + (c * planes + down % G::stride_height * column_planes) * plane +
                      down / G::stride_height * pitch);
        for (int outer = 0; outer < G::kernel_width; outer += unrolled) {
          TYPEGRAD_UNROLL for (int inner = 0; inner < unrolled; ++inner) {
            const int v = unrolled == 1 ? outer : inner, across = v * G::dilation_width;
            const T* taps =
                of_tap(line + across % G::stride_width * plane + across / G::stride_width);
            Vector<T> held[B];
            TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) held[b] =
                kept_for_tap<T>(load_unaligned(taps + b * width<T>));
            TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
              const Vector<T> weight = splat(weights[a * (G::group_channels * G::kernel_size) + v]);
              TYPEGRAD_UNROLL for (int b = 0; b < B; ++b) sums[a][b] += weight * held[b];
            }
          }
        }
      }
    TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
      TYPEGRAD_UNROLL for (int b = 0; b < B; ++b)
          store(to + (a * vectors + b) * width<T>, sums[a][b]);
    }
  }

  // A channels of a band, and their rows to the epilogue.
  template <int A, class Epilogue>
  static TYPEGRAD_INLINE void channels(const T* w, const T* x, int channel, int first,
                                       const Epilogue& epilogue) {
    alignas(64) T sums[(A * vectors + 1) * width<T>];  // the last row's last vector may end behind
    constexpr int rest = vectors % tile.columns, whole = vectors - rest;
    for (int b = 0; b < whole; b += tile.columns)
      run<A, tile.columns>(sums + b * width<T>, w, x + b * width<T>);
    if constexpr (rest > 0) run<A, rest>(sums + whole * width<T>, w, x + whole * width<T>);
    const int last = std::min(band, G::output_height - first);
    for (int a = 0; a < A; ++a)
      for (int i = 0; i < last; ++i) {
        const T* from = sums + a * vectors * width<T> + i * pitch;
        TYPEGRAD_UNROLL for (int j = 0; j < G::output_width; j += width<T>) epilogue.flat(
            channel + a, ((channel + a) * G::output_height + first + i) * G::output_width + j,
            load_unaligned(from + j), std::min(width<T>, G::output_width - j));
      }
  }
};

// y[o, i, j] as in convolution, of one sample; epilogue.flat(o, i * output_width + j, y, count)
// stores `count` numbers of a row. x: (C, H, W); w: (O, C / groups, KH, KW).
template <class T, class G, class Epilogue>
TYPEGRAD_KERNEL void latency_convolution(const T* __restrict x, const T* __restrict w,
                                         const Epilogue& epilogue) {
  using Plan = LatencyConvolution<T, G>;
  constexpr int tile = Plan::tile.rows, rest = G::group_outputs % tile,
                whole = G::group_outputs - rest;
  constexpr int channel_size = G::group_channels * G::kernel_size;
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  alignas(64) T copied[Plan::size];
  for (int first = 0; first < G::output_height; first += Plan::band) {
    Plan::copy(copied, x, first);
    for (int group = 0; group < G::groups; ++group) {
      const T* source = copied + group * (G::group_channels * Plan::planes * Plan::plane);
      const int channel = group * G::group_outputs;
      for (int o = 0; o < whole; o += tile)
        Plan::template channels<tile>(w + (channel + o) * channel_size, source, channel + o, first,
                                      stores);
      if constexpr (rest > 0)
        Plan::template channels<rest>(w + (channel + whole) * channel_size, source, channel + whole,
                                      first, stores);
    }
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
