// The gradient of a 2-D convolution's weights, summed over a tile's samples, in the lanes layout.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/correlation.hpp"
#include "typegrad/backends/cpu/kernels/lane_sums.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Sums per lane for A outputs x Channels inputs x the line's taps (a kernel row), at one position
// of the output.
template <class T, int V, class G, class Line, int A, int Channels>
struct WeightGradient {
  static constexpr int taps = Line::taps, columns = Channels * taps, step = V * width<T>;
  using Sums = Vector<T>[A][columns];

  // Pre: where Border, q is a constant for the optimiser (taps outside vanish), else all taps of q
  // lie inside.
  template <bool Border, class X, class Y>
  static TYPEGRAD_INLINE void position(Sums& sums, const X* __restrict x, const Y* __restrict dy,
                                       int q) {
    const X* const from = of_tap(x);
    Vector<T> held[A];
    TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
      held[a] = load(dy + (a * (G::output_height * G::output_width) + q) * step);
    }
    TYPEGRAD_UNROLL for (int k = 0; k < columns; ++k) {
      if (Border && !Line::inside(q, k % taps)) continue;
      const Vector<T> value = kept_for_tap<T>(
          load(from + (k / taps * (G::height * G::width) + Line::source(q, k % taps)) * step));
      TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) sums[a][k] += held[a] * value;
    }
  }

  // Output columns before and behind those that every tap reaches.
  static constexpr int left = [] {
    int q = 0;
    while (q < Line::count && !Line::inside(q)) ++q;
    return q;
  }();
  static constexpr int right = [] {
    int q = left;
    while (q < Line::count && Line::inside(q)) ++q;
    return q;
  }();

  template <int First, class X, class Y, int... Q>
  static TYPEGRAD_INLINE void border(Sums& sums, [[maybe_unused]] const X* x,
                                     [[maybe_unused]] const Y* dy,
                                     std::integer_sequence<int, Q...>) {
    (position<true>(sums, x, dy, First + Q), ...);
  }

  // One row of x and one of dy, of one vector of samples.
  template <class X, class Y>
  static TYPEGRAD_INLINE void row(Sums& sums, const X* x, const Y* dy) {
    constexpr bool bodies = Line::count - (right - left) <= border_bodies + 2;
    if constexpr (bodies)
      border<0>(sums, x, dy, std::make_integer_sequence<int, left>{});
    else
      for (int q = 0; q < left; ++q) position<true>(sums, x, dy, q);
    for (int q = left; q < right; ++q) position<false>(sums, x, dy, q);
    if constexpr (bodies)
      border<right>(sums, x, dy, std::make_integer_sequence<int, Line::count - right>{});
    else
      for (int q = right; q < Line::count; ++q) position<true>(sums, x, dy, q);
  }

  // Adds the sums over all positions, the vectors [begin, end) of a tile and their `active` lanes
  // to gw, which points at the first output, channel and tap.
  template <class X, class Y>
  static TYPEGRAD_INLINE void run(T* gw, const X* x, const Y* dy, int begin, int end,
                                  Mask<T> active, bool accumulate) {
    constexpr int kernel_height = G::kernel_height, all = A * Channels * kernel_height * taps;
    // As many rows at a time as stay in the first cache for all kernel rows.
    constexpr int row_bytes =
        (A * G::output_width + Channels * G::stride_height * G::width) * step * int(sizeof(T));
    constexpr int block = std::clamp(20480 / row_bytes, 2, 64);
    // [A][Channels][kernel_height][taps], and zeros up to a multiple of a vector's width.
    constexpr int lanes = width<T>, padded = (all + lanes - 1) / lanes * lanes;
    Vector<T> totals[padded] = {};
    const auto place = [](int a, int k, int u) TYPEGRAD_INLINE_LAMBDA {
      return ((a * Channels + k / taps) * kernel_height + u) * taps + k % taps;
    };
    for (int first = 0; first < G::output_height; first += block)
      for (int u = 0; u < kernel_height; ++u) {
        const int top = u * G::dilation_height - G::padding_height;
        int low = first, high = std::min(first + block, G::output_height);
        while (low < high && low * G::stride_height + top < 0) ++low;
        while (high > low && (high - 1) * G::stride_height + top >= G::height) --high;
        if (low == high) continue;
        Sums sums;
        TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
          TYPEGRAD_UNROLL for (int k = 0; k < columns; ++k) sums[a][k] = totals[place(a, k, u)];
        }
        for (int i = low; i < high; ++i)
          for (int vector = begin; vector < end; ++vector)
            row(sums, x + ((i * G::stride_height + top) * G::width * V + vector) * width<T>,
                dy + (i * G::output_width * V + vector) * width<T>);
        TYPEGRAD_UNROLL for (int a = 0; a < A; ++a) {
          TYPEGRAD_UNROLL for (int k = 0; k < columns; ++k) totals[place(a, k, u)] = sums[a][k];
        }
      }

    // Lanes to numbers, a vector of them at a time; then into place.
    alignas(64) T sums[padded];
    for (int k = 0; k < all; k += lanes) {
      Vector<T> some[lanes];
      TYPEGRAD_UNROLL for (int l = 0; l < lanes; ++l) some[l] =
          select<T>(active, totals[k + l], Vector<T>{});
      store(sums + k, lane_sums<T>(some));
    }
    const T* sum = sums;
    constexpr int run_length =
        taps == G::kernel_width ? Channels * G::kernel_size : taps;  // numbers that stay together
    for (int a = 0; a < A; ++a)
      for (int k = 0; k < Channels * kernel_height * taps; k += run_length, sum += run_length) {
        T* to = gw + a * (G::group_channels * G::kernel_size) + k / taps * G::kernel_width;
        if (accumulate)
          for (int t = 0; t < run_length; ++t) to[t] += sum[t];
        else
          for (int t = 0; t < run_length; ++t) to[t] = sum[t];
      }
  }
};

// All of gw's columns [First, First + Taps) of the kernel.
template <class T, int V, class G, int First, int Taps, class X, class Y>
TYPEGRAD_INLINE void weight_gradient_columns(const X* x, const Y* dy, int begin, int end,
                                             Mask<T> active, T* gw, bool accumulate) {
  using Columns =
      Line<G::output_width, 0, 1, Taps, First, 1, First * G::dilation_width - G::padding_width,
           G::stride_width, G::dilation_width, G::width>;
  // Narrow kernels fill the registers with several input channels.
  constexpr int channels = split(G::group_channels, std::max(1, 6 / Taps)).tile;
  constexpr int outputs = tile_shape<1>(G::group_outputs, channels * Taps, true).rows;
  constexpr int plane = G::height * G::width * V * width<T>;
  constexpr int output_plane = G::output_height * G::output_width * V * width<T>;
  const auto run = [&]<int A, int Channels>(int group, int o, int c) TYPEGRAD_INLINE_LAMBDA {
    const int output = group * G::group_outputs + o;
    WeightGradient<T, V, G, Columns, A, Channels>::run(
        gw + (output * G::group_channels + c) * G::kernel_size + First,
        x + (group * G::group_channels + c) * plane, dy + output * output_plane, begin, end, active,
        accumulate);
  };
  constexpr int rest_outputs = G::group_outputs % outputs,
                rest_channels = G::group_channels % channels;
  constexpr int whole_outputs = G::group_outputs - rest_outputs,
                whole_channels = G::group_channels - rest_channels;
  for (int group = 0; group < G::groups; ++group) {
    for (int o = 0; o < whole_outputs; o += outputs) {
      for (int c = 0; c < whole_channels; c += channels)
        run.template operator()<outputs, channels>(group, o, c);
      if constexpr (rest_channels > 0)
        run.template operator()<outputs, rest_channels>(group, o, whole_channels);
    }
    if constexpr (rest_outputs > 0) {
      for (int c = 0; c < whole_channels; c += channels)
        run.template operator()<rest_outputs, channels>(group, whole_outputs, c);
      if constexpr (rest_channels > 0)
        run.template operator()<rest_outputs, rest_channels>(group, whole_outputs, whole_channels);
    }
  }
}

// The vectors [begin, end) of a tile, of each the lanes below `active`.
template <class T, int V, class G, class X, class Y>
TYPEGRAD_KERNEL void weight_gradient_vectors(const X* __restrict x, const Y* __restrict dy,
                                             int begin, int end, int active, T* __restrict gw,
                                             bool accumulate) {
  constexpr Split taps = split(G::kernel_width, 8);
  const Mask<T> mask = first_lanes<T>(active);
  [&]<int... Tile>(std::integer_sequence<int, Tile...>) TYPEGRAD_INLINE_LAMBDA {
    (weight_gradient_columns<T, V, G, Tile * taps.tile, taps.tile>(x, dy, begin, end, mask, gw,
                                                                   accumulate),
     ...);
  }
  (std::make_integer_sequence<int, taps.tiles>{});
  if constexpr (taps.rest > 0)
    weight_gradient_columns<T, V, G, taps.tile * taps.tiles, taps.rest>(x, dy, begin, end, mask, gw,
                                                                        accumulate);
}

// gw[o, c, u, v] = (or += where `accumulate`) the sum over i, j and the tile's first active_lanes
// samples of dy[o, i, j] x[c, i SH - PH + u DH, j SW - PW + v DW]. Other lanes may hold anything.
// x: (C, H, W) [V * width]; dy: (O, output_height, output_width) [V * width]; gw: (O, C / groups,
// KH, KW). Pre: 0 < active_lanes <= V * width.
template <class T, int V, class G, class X, class Y>
TYPEGRAD_INLINE void convolution_weight_gradient(const X* x, const Y* dy, int active_lanes, T* gw,
                                                 bool accumulate) {
  const int whole = active_lanes / width<T>, rest = active_lanes % width<T>;
  if (whole > 0) weight_gradient_vectors<T, V, G>(x, dy, 0, whole, width<T>, gw, accumulate);
  if (rest > 0)
    weight_gradient_vectors<T, V, G>(x, dy, whole, whole + 1, rest, gw, accumulate || whole > 0);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
