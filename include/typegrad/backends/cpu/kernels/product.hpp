// The product of a shared matrix and a vector per sample, in the lanes layout.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/kernels/tile.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// How the weights lie in memory: rows (Outputs, Inputs) for y = W x, transposed (Inputs, Outputs)
// for dx = W' dy.
enum class WeightOrder { rows, transposed };

template <class T, int V, int Count, int Outputs, int Inputs, WeightOrder Order, class W, class X,
          class Epilogue>
TYPEGRAD_INLINE void product_tile(const W* __restrict w, const X* __restrict x, int row,
                                  const Epilogue& epilogue) {
  constexpr int output_step = Order == WeightOrder::rows ? Inputs : 1;
  constexpr int input_step = Order == WeightOrder::rows ? 1 : Outputs;
  Vector<T> sums[Count][V];
  clear<T>(sums);
  w += row * output_step;
  for (int k = 0; k < Inputs; ++k) {
    if constexpr (Order == WeightOrder::transposed) {  // too far apart for the hardware's prefetch
      __builtin_prefetch(w + (k + 4) * input_step);
      __builtin_prefetch(w + (k + 4) * input_step + Count - 1);
    }
    Vector<T> inputs[V];
    TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) inputs[v] = load(x + (k * V + v) * width<T>);
    TYPEGRAD_UNROLL for (int a = 0; a < Count; ++a) {
      const Vector<T> weight = splat(w[a * output_step + k * input_step]);
      TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) sums[a][v] += weight * inputs[v];
    }
  }
  TYPEGRAD_UNROLL for (int a = 0; a < Count; ++a) {
    TYPEGRAD_UNROLL for (int v = 0; v < V; ++v) epilogue(row + a, 0, v, sums[a][v]);
  }
}

// y[o] = sum over k of w[o, k] x[k] in every lane; epilogue(o, 0, vector, y) stores it.
// w: Outputs x Inputs numbers in the given order; x: (Inputs) [V * width].
template <class T, int V, int Outputs, int Inputs, WeightOrder Order, class W, class X,
          class Epilogue>
TYPEGRAD_KERNEL void product(const W* __restrict w, const X* __restrict x,
                             const Epilogue& epilogue) {
  constexpr Split tiles = split(Outputs, tile_accumulators / V);
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  for (int row = 0; row < tiles.tile * tiles.tiles; row += tiles.tile)
    product_tile<T, V, tiles.tile, Outputs, Inputs, Order>(w, x, row, stores);
  if constexpr (tiles.rest > 0)
    product_tile<T, V, tiles.rest, Outputs, Inputs, Order>(w, x, tiles.tile * tiles.tiles, stores);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
