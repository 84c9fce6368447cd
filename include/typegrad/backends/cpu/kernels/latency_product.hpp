// The product of a matrix and one vector, in the latency layout: vectors along features.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/kernels/lane_sums.hpp"
#include "typegrad/backends/cpu/kernels/product.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// The Count elements at p, zeros behind; the whole vector that ends with them is read.
// Pre: width - Count elements before p may be read.
template <class T, int Count>
struct LastLanes {
  static constexpr int at(int lane) { return lane + width<T> - Count; }
};
template <class T, int Count>
TYPEGRAD_INLINE Vector<T> load_last(const T* p) {
  return shuffle<LastLanes<T, Count>, T>(load_unaligned(p + Count - width<T>), Vector<T>{});
}

// Rows of W against x: a sum per row with vectors along the inputs, then all lanes added at once.
template <class T, int Count, int Inputs, class Epilogue>
TYPEGRAD_INLINE void latency_rows(const T* __restrict w, const T* __restrict x, int row,
                                  const Epilogue& epilogue) {
  constexpr int rest = Inputs % width<T>;
  Vector<T> sums[1][Count];
  clear<T>(sums);
  w += row * long(Inputs);
  int k = 0;
  for (; k + width<T> <= Inputs; k += width<T>) {
    const Vector<T> inputs = load_unaligned(x + k);  // x may be the caller's
    TYPEGRAD_UNROLL for (int a = 0; a < Count; ++a) sums[0][a] +=
        inputs * load_unaligned(w + a * Inputs + k);
  }
  if constexpr (rest > 0) {
    const Vector<T> inputs = load_first(x + k, rest);
    TYPEGRAD_UNROLL for (int a = 0; a < Count; ++a) {
      const T* p = w + a * Inputs + k;
      if constexpr (Inputs > width<T>)
        sums[0][a] += inputs * load_last<T, rest>(p);
      else
        sums[0][a] += inputs * load_first(p, rest);
    }
  }
  epilogue.flat(row, row, lane_sums<T>(sums[0]), Count);
}

// Count vectors of outputs, the last of which may be partial, each input times its row of the
// transposed weights.
template <class T, int Count, int Outputs, int Inputs, class Epilogue>
TYPEGRAD_INLINE void latency_columns(const T* __restrict w, const T* __restrict x, int row,
                                     const Epilogue& epilogue) {
  Vector<T> sums[1][Count];
  clear<T>(sums);
  w += row;
  constexpr int rest = Outputs % width<T>;
  const bool partial = rest > 0 && row + Count * width<T> > Outputs;
  for (int k = 0; k < Inputs; ++k, w += Outputs) {
    const Vector<T> input = splat(x[k]);
    TYPEGRAD_UNROLL for (int b = 0; b < Count - 1; ++b) sums[0][b] +=
        input * load_unaligned(w + b * width<T>);
    const T* last = w + (Count - 1) * width<T>;
    if (!partial)
      sums[0][Count - 1] += input * load_unaligned(last);
    else if constexpr (Outputs > width<T>)
      sums[0][Count - 1] += input * load_last<T, rest>(last);
    else
      sums[0][Count - 1] += input * load_first(last, rest);
  }
  TYPEGRAD_UNROLL for (int b = 0; b < Count; ++b) {
    const int element = row + b * width<T>;
    epilogue.flat(element, element, sums[0][b], b == Count - 1 && partial ? rest : width<T>);
  }
}

// y[o] = sum over k of w[o, k] x[k]; epilogue.flat(o, o, y, count) stores y[o …] from the first
// `count` lanes of a vector. w: Outputs x Inputs numbers in the given order, which stream by once;
// x: (Inputs).
template <class T, int Outputs, int Inputs, WeightOrder Order, class Epilogue>
TYPEGRAD_KERNEL void latency_product(const T* __restrict w, const T* __restrict x,
                                     const Epilogue& epilogue) {
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  if constexpr (Order == WeightOrder::rows) {
    constexpr int rest = Outputs % width<T>, whole = Outputs - rest;
    for (int row = 0; row < whole; row += width<T>)
      latency_rows<T, width<T>, Inputs>(w, x, row, stores);
    if constexpr (rest > 0) latency_rows<T, rest, Inputs>(w, x, whole, stores);
  } else {
    constexpr Split tiles = split((Outputs + width<T> - 1) / width<T>, 2 * tile_accumulators / 3);
    constexpr int step = tiles.tile * width<T>;
    for (int row = 0; row < tiles.tiles * step; row += step)
      latency_columns<T, tiles.tile, Outputs, Inputs>(w, x, row, stores);
    if constexpr (tiles.rest > 0)
      latency_columns<T, tiles.rest, Outputs, Inputs>(w, x, tiles.tiles * step, stores);
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
