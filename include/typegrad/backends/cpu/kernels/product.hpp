// The product of a shared matrix and a vector per sample, in the lanes layout.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/tile.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// How the weights lie in memory: rows (Outputs, Inputs) for y = W x, transposed (Inputs, Outputs)
// for dx = W' dy.
enum class WeightOrder { rows, transposed };

// sums[a] += the products of weights (a, k) with x[k], k < inputs, of the first Used of its V
// vectors. Weight (a, k) lies at a * OutputStep + k * InputStep.
template <class T, int V, int OutputStep, int InputStep, int Used, int Count, class W, class X>
TYPEGRAD_INLINE void add_products(const W* w, const X* __restrict x, int inputs,
                                  Vector<T> (&sums)[Count][Used]) {
  for (int k = 0; k < inputs; ++k) {
    if constexpr (OutputStep == 1) {  // too far apart for the hardware's prefetch
      __builtin_prefetch(w + (k + 4) * InputStep);
      __builtin_prefetch(w + (k + 4) * InputStep + Count - 1);
    } else {  // the next outputs' weights, which lie side by side, a little with each input
      __builtin_prefetch(w + Count * OutputStep + k * Count, 0, 2);
    }
    Vector<T> inputs_of_k[Used];
    TYPEGRAD_UNROLL for (int v = 0; v < Used; ++v) inputs_of_k[v] =
        load(x + (k * V + v) * width<T>);
    TYPEGRAD_UNROLL for (int a = 0; a < Count; ++a) {
      const Vector<T> weight = splat(w[a * OutputStep + k * InputStep]);
      TYPEGRAD_UNROLL for (int v = 0; v < Used; ++v) sums[a][v] += weight * inputs_of_k[v];
    }
  }
}

// The same, some inputs at a time, whose weights are converted before.
inline constexpr int converted_inputs = 64;
template <class T, int V, int OutputStep, int InputStep, int Used, int Count, class W, class X>
TYPEGRAD_INLINE void add_converted(const W* w, const X* __restrict x, int inputs,
                                   Vector<T> (&sums)[Count][Used]) {
  constexpr bool along = InputStep == 1;  // the weights of one output lie side by side
  constexpr int vectors = (Count + width<T> - 1) / width<T>;
  constexpr int step = along ? converted_inputs : vectors * width<T>;
  alignas(64) T numbers[along ? Count * step : converted_inputs * step];
  for (int first = 0; first < inputs; first += converted_inputs) {
    const int some = std::min(converted_inputs, inputs - first);
    const W* const from = w + first * InputStep;
    if constexpr (along) {
      for (int a = 0; a < Count; ++a)
        for (int k = 0; k < some; k += width<T>)
          store(numbers + a * step + k, load_first(from + a * OutputStep + k, some - k));
    } else {
      for (int k = 0; k < some; ++k) TYPEGRAD_UNROLL
      for (int v = 0; v < vectors; ++v)
        store(numbers + k * step + v * width<T>,
              load_first(from + k * InputStep + v * width<T>, Count - v * width<T>));
    }
    add_products<T, V, along ? step : 1, along ? 1 : step>(static_cast<const T*>(numbers),
                                                           x + first * V * width<T>, some, sums);
  }
}

template <class T, int V, int Used, int Count, int Outputs, int Inputs, WeightOrder Order, class W,
          class X, class Epilogue>
TYPEGRAD_INLINE void product_tile(const W* __restrict w, const X* __restrict x, int row,
                                  const Epilogue& epilogue) {
  constexpr int output_step = Order == WeightOrder::rows ? Inputs : 1;
  constexpr int input_step = Order == WeightOrder::rows ? 1 : Outputs;
  if constexpr (requires { epilogue.ask_ahead(1); }) epilogue.ask_ahead(Outputs / Count);
  Vector<T> sums[Count][Used];
  clear<T>(sums);
  if constexpr (converted_before<W>)
    add_converted<T, V, output_step, input_step>(w + row * output_step, x, Inputs, sums);
  else
    add_products<T, V, output_step, input_step>(w + row * output_step, x, Inputs, sums);
  TYPEGRAD_UNROLL for (int a = 0; a < Count; ++a) {
    TYPEGRAD_UNROLL for (int v = 0; v < Used; ++v) epilogue(row + a, 0, v, sums[a][v]);
    // The last lane is the last sample's, or repeats it, and so do all behind it.
    if constexpr (Used < V) {
      const Vector<T> last = splat(sums[a][Used - 1][width<T> - 1]);
      for (int v = Used; v < V; ++v) epilogue(row + a, 0, v, last);
    }
  }
}

template <class T, int V, int Used, int Outputs, int Inputs, WeightOrder Order, class W, class X,
          class Epilogue>
TYPEGRAD_INLINE void product_tiles(const W* __restrict w, const X* __restrict x,
                                   const Epilogue& epilogue) {
  constexpr Split tiles = split(Outputs, tile_accumulators / Used);
  for (int row = 0; row < tiles.tile * tiles.tiles; row += tiles.tile)
    product_tile<T, V, Used, tiles.tile, Outputs, Inputs, Order>(w, x, row, epilogue);
  if constexpr (tiles.rest > 0)
    product_tile<T, V, Used, tiles.rest, Outputs, Inputs, Order>(w, x, tiles.tile * tiles.tiles,
                                                                 epilogue);
}

// y[o] = sum over k of w[o, k] x[k] in every lane; epilogue(o, 0, vector, y) stores it.
// w: Outputs x Inputs numbers in the given order; x: (Inputs) [V * width], of which the first
// `used` vectors hold samples, and those behind them the last one again.
template <class T, int V, int Outputs, int Inputs, WeightOrder Order, class W, class X,
          class Epilogue>
TYPEGRAD_KERNEL void product(const W* __restrict w, const X* __restrict x, int used,
                             const Epilogue& epilogue) {
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  if constexpr (V > 2)
    if (used == V - 1) return product_tiles<T, V, V - 1, Outputs, Inputs, Order>(w, x, stores);
  if constexpr (V > 1)
    if (used == 1) return product_tiles<T, V, 1, Outputs, Inputs, Order>(w, x, stores);
  product_tiles<T, V, V, Outputs, Inputs, Order>(w, x, stores);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
