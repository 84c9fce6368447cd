// What flows back through convolutions and averages to one sample: vectors along the columns.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/convolution_input_gradient.hpp"
#include "typegrad/backends/cpu/kernels/pool.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Row by row. The rows of dy that meet it are copied with zeros on both sides, so that no tap is
// clipped. Columns with the same remainder by the stride have the same taps: each kind is a line
// of its own, and they are interleaved at the end.
template <class T, class G>
struct LatencyInputGradient {
  using Plan = InputGradientPlan<G>;
  template <int Residue>
  using Columns = typename Plan::template Columns<Residue>;

  static constexpr int residues = std::min(G::stride_width, G::width);
  static constexpr int vectors = (Columns<0>::count + width<T> - 1) / width<T>;
  static constexpr TileShape tile = tile_shape<1>(Plan::outer, vectors);
  static constexpr int line = (vectors + tile.columns - 1) / tile.columns * tile.columns * width<T>;
  // Rows of dy that meet one of dx.
  static constexpr int most_rows = [] {
    int most = 0;
    for (int row = 0; row < G::height; ++row) most = std::max(most, Plan::row_taps(row).count);
    return most;
  }();
  // Columns of zeros before dy's, as many as the farthest tap of any line reaches.
  static constexpr int before = [] {
    int most = 0;
    [&]<int... R>(std::integer_sequence<int, R...>) {
      ((most = std::max(most,
                        Columns<R>::taps == 0 ? 0 : -Columns<R>::source(0, Columns<R>::taps - 1))),
       ...);
    }
    (std::make_integer_sequence<int, residues>{});
    return most;
  }();
  static constexpr int farthest = [] {
    int most = 0;
    [&]<int... R>(std::integer_sequence<int, R...>) {
      ((most = std::max(most, Columns<R>::taps == 0 ? 0 : Columns<R>::source(0, 0))), ...);
    }
    (std::make_integer_sequence<int, residues>{});
    return most;
  }();
  static constexpr int pitch = before + std::max(G::output_width, farthest + line);

  // The sums of A channels of one line, to lines[A][residues][line].
  template <int A, int Residue>
  static TYPEGRAD_INLINE void run(T* __restrict lines, const T* __restrict w,
                                  const T* __restrict rows, RowTaps taps) {
    using Line = Columns<Residue>;
    for (int first = 0; first < line; first += tile.columns * width<T>) {
      Vector<T> sums[A][tile.columns];
      clear<T>(sums);
      for (int inner = 0; inner < Plan::inner; ++inner)
        for (int r = 0; r < taps.count; ++r) {
          const T* const row = rows + (r * G::outputs + inner) * pitch + before + first;
          const T* const weights = w + inner * Plan::inner_step +
                                   (taps.weight + r * Plan::row_weight_step) * Plan::kernel_width;
          for (int tap = 0; tap < Line::taps; ++tap) {
            Vector<T> held[tile.columns];
            TYPEGRAD_UNROLL for (int b = 0; b < tile.columns; ++b) held[b] =
                load_unaligned(row + Line::source(0, tap) + b * width<T>);
            TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
              const Vector<T> weight = splat(weights[a * Plan::outer_step + Line::weight(tap)]);
              TYPEGRAD_UNROLL for (int b = 0; b < tile.columns; ++b) sums[a][b] += weight * held[b];
            }
          }
        }
      TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
        TYPEGRAD_UNROLL for (int b = 0; b < tile.columns; ++b)
            store(lines + (a * residues + Residue) * line + first + b * width<T>, sums[a][b]);
      }
    }
  }

  // A channels of one row of dx.
  template <int A, class Epilogue>
  static TYPEGRAD_INLINE void channels(const T* w, const T* rows, RowTaps taps, int channel,
                                       int row, const Epilogue& epilogue) {
    alignas(64) T lines[A * residues * line], whole[G::width + width<T>];
    [&]<int... R>(std::integer_sequence<int, R...>) TYPEGRAD_INLINE_LAMBDA {
      (run<A, R>(lines, w, rows, taps), ...);
    }
    (std::make_integer_sequence<int, residues>{});
    for (int a = 0; a < A; ++a) {
      const T* from = lines + a * residues * line;
      if constexpr (residues > 1) {
        for (int residue = 0; residue < residues; ++residue)
          for (int q = 0; residue + q * G::stride_width < G::width; ++q)
            whole[residue + q * G::stride_width] = from[residue * line + q];
        from = whole;
      }
      for (int column = 0; column < G::width; column += width<T>)
        epilogue.flat(channel + a, ((channel + a) * G::height + row) * G::width + column,
                      load_unaligned(from + column), std::min(width<T>, G::width - column));
    }
  }
};

// dx as in convolution_input_gradient, of one sample; epilogue.flat(c, h * W + w, dx, count) stores
// `count` numbers of a row. dy: (O, output_height, output_width); w: (O, C / groups, KH, KW).
template <class T, class G, class Epilogue>
TYPEGRAD_KERNEL void latency_input_gradient(const T* __restrict dy, const T* __restrict w,
                                            const Epilogue& epilogue) {
  using Lines = LatencyInputGradient<T, G>;
  using Plan = typename Lines::Plan;
  constexpr int tile = Lines::tile.rows, rest = Plan::outer % tile, whole = Plan::outer - rest;
  alignas(64) T rows[Lines::most_rows * G::outputs * Lines::pitch + width<T>];
  std::fill(rows, rows + sizeof(rows) / sizeof(T), T(0));
  for (int row = 0; row < G::height; ++row) {
    const RowTaps taps = Plan::row_taps(row);
    for (int r = 0; r < taps.count; ++r)
      for (int o = 0; o < G::outputs; ++o)
        std::copy_n(
            dy + (o * G::output_height + taps.source + r * Plan::row_source_step) * G::output_width,
            G::output_width, rows + (r * G::outputs + o) * Lines::pitch + Lines::before);
    for (int group = 0; group < G::groups; ++group) {
      const T* const weights = w + group * Plan::group_step;
      const T* const source = rows + group * Plan::inner * Lines::pitch;
      const int channel = group * Plan::outer;
      for (int c = 0; c < whole; c += tile)
        Lines::template channels<tile>(weights + c * Plan::outer_step, source, taps, channel + c,
                                       row, epilogue);
      if constexpr (rest > 0)
        Lines::template channels<rest>(weights + whole * Plan::outer_step, source, taps,
                                       channel + whole, row, epilogue);
    }
  }
}

// dx of average_pool, of one sample: each dy, over the window's size, to all of its window.
template <class T, class G, class Epilogue>
TYPEGRAD_KERNEL void latency_average_pool_gradient(const T* dy, const Epilogue& epilogue) {
  constexpr T share = T(1) / T(G::kernel_height * G::kernel_width);
  constexpr int reach = (G::out_width - 1) * G::stride_width + G::kernel_width;
  T sums[std::max(reach, G::pad_width + G::width) + width<T>];  // of a padded row
  for (int channel = 0; channel < G::channels; ++channel)
    for (int row = 0; row < G::height; ++row) {
      std::fill(sums, sums + sizeof(sums) / sizeof(T), T(0));
      for (int i = 0; i < G::out_height; ++i) {
        const int top = i * G::stride_height - G::pad_height;
        if (row < top || row >= top + G::kernel_height) continue;
        const T* const from = dy + (channel * G::out_height + i) * G::out_width;
        for (int j = 0; j < G::out_width; ++j)
          for (int v = 0; v < G::kernel_width; ++v) sums[j * G::stride_width + v] += from[j];
      }
      for (int column = 0; column < G::width; column += width<T>)
        epilogue.flat(channel, (channel * G::height + row) * G::width + column,
                      load_unaligned(sums + G::pad_width + column) * splat(share),
                      std::min(width<T>, G::width - column));
    }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
