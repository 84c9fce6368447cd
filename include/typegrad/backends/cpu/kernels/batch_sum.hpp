// Sums across the samples of a tile: lanes are added up, the active ones only.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// partial[row] (+)= the sum of the active lanes of row_sum(row, vector), a vector's width of rows
// at a time.
template <class T, int V, int Rows, class RowSum>
TYPEGRAD_INLINE void sum_rows(int active, T* partial, bool accumulate, RowSum row_sum) {
  constexpr int W = width<T>;
  Mask<T> counts[V];
  TYPEGRAD_UNROLL
  for (int vector = 0; vector < V; ++vector) counts[vector] = first_lanes<T>(active - vector * W);
  const auto rows = [&](int first, int count) TYPEGRAD_INLINE_LAMBDA {
    Vector<T> sums[W];
    TYPEGRAD_UNROLL
    for (int i = 0; i < W; ++i) {
      sums[i] = Vector<T>{};
      if (i >= count) continue;
      Vector<T> row[V];
      row_sum(first + i, row);
      TYPEGRAD_UNROLL
      for (int vector = 0; vector < V; ++vector)
        sums[i] += select<T>(counts[vector], row[vector], Vector<T>{});
    }
    Vector<T> sum = sum_lanes_of_each<T>(sums);
    if (accumulate) sum += load_first(partial + first, count);
    store_first(partial + first, sum, count);
  };
  for (int first = 0; first + W <= Rows; first += W) rows(first, W);
  if constexpr (Rows % W != 0) rows(Rows - Rows % W, Rows % W);
}

}  // namespace detail

// x: (Elements)[V*W]. partial[element] = (accumulate: +=) the sum of the first `active` lanes.
// Lanes past them are not added at all: whatever they hold, NaN too.
template <class T, int V, int Elements, class X>
TYPEGRAD_KERNEL void batch_sum(const X* x, int active, T* partial, bool accumulate) {
  constexpr int W = width<T>;
  detail::sum_rows<T, V, Elements>(active, partial, accumulate,
                                   [&](int element, Vector<T>(&row)[V]) TYPEGRAD_INLINE_LAMBDA {
                                     TYPEGRAD_UNROLL
                                     for (int vector = 0; vector < V; ++vector)
                                       row[vector] = load(x + (element * V + vector) * W);
                                   });
}

// x: (Channels, Positions)[V*W]. partial[channel] = (accumulate: +=) the sum over positions and the
// first `active` lanes.
template <class T, int V, int Channels, int Positions, class X>
TYPEGRAD_KERNEL void channel_batch_sum(const X* x, int active, T* partial, bool accumulate) {
  constexpr int W = width<T>;
  constexpr int chains = V == 1 ? 4 : 2;  // or each addition would wait for the one before
  // Not unrolled over channels, so the lanes meet in memory.
  alignas(64) T sums[Channels * V * W];
  for (int channel = 0; channel < Channels; ++channel) {
    const X* const from = x + channel * Positions * V * W;
    Vector<T> sum[chains][V] = {};
    int position = 0;
    for (; position + chains <= Positions; position += chains) TYPEGRAD_UNROLL
    for (int i = 0; i < chains * V; ++i) sum[i / V][i % V] += load(from + (position * V + i) * W);
    if constexpr (Positions % chains != 0)
      for (; position < Positions; ++position) TYPEGRAD_UNROLL
    for (int vector = 0; vector < V; ++vector)
      sum[0][vector] += load(from + (position * V + vector) * W);
    TYPEGRAD_UNROLL
    for (int vector = 0; vector < V; ++vector) {
      TYPEGRAD_UNROLL
      for (int chain = 1; chain < chains; ++chain) sum[0][vector] += sum[chain][vector];
      store(sums + (channel * V + vector) * W, sum[0][vector]);
    }
  }
  batch_sum<T, V, Channels>(sums, active, partial, accumulate);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
