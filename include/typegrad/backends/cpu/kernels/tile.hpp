// Register tiles: how many sums a kernel holds, and how extents split into tiles.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/half_vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Registers of vectors: AVX-512 and NEON have 32, the others 16.
#if defined(__aarch64__)
inline constexpr int vector_registers = 32;
#else
inline constexpr int vector_registers = TYPEGRAD_VECTOR_BYTES == 64 ? 32 : 16;
#endif

// Accumulators of one tile: some registers are left to operands.
inline constexpr int tile_accumulators = vector_registers / 4 * 3;

// extent = tile * tiles + rest, rest < tile: one body for the tiles, one for the rest.
struct Split {
  int tile, tiles, rest;
};

// Tiles of at most `most`: an exact divisor if it is not much smaller (one body compiles faster
// than two), else as even as can be.
constexpr Split split(int extent, int most) {
  const int parts = (extent + most - 1) / most;
  const int even = (extent + parts - 1) / parts;
  for (int tile = even; tile * 5 >= even * 4; --tile)
    if (extent % tile == 0) return {tile, extent / tile, 0};
  return {even, extent / even, extent % even};
}

// Rows x columns of sums in a register tile: a row shares its broadcast factor, a column its V
// vectors.
struct TileShape {
  int rows, columns;
};

// What a tile costs, in twentieths of half a cycle: two multiply-adds or two loads at a time, and
// at least eight sums to hide the latency. Negative if the registers cannot hold it.
template <int V>
constexpr long tile_cost(int rows, int columns) {
  const int sums = rows * columns * V, loads = rows + columns * V;
  const int operands = rows < columns * V ? rows : columns * V;
  if (rows * columns > 1 && sums + operands + 3 > vector_registers) return -1;
  const int most = sums > loads ? sums : loads;
  return sums == 0 ? 0 : 20 * (most < 9 ? 9 : most) + 4 * loads + 20;
}

// The shape that covers rows x columns in the fewest cycles; of few columns, all (`fixed`: exactly
// all).
template <int V>
constexpr TileShape tile_shape(int rows, int columns, bool fixed = false) {
  TileShape best{1, fixed ? columns : 1};
  long least = -1;
  for (int a = 1; a <= rows && a <= 32; ++a)
    for (int b = fixed ? columns : 1; b <= columns && b <= 32; ++b) {
      if (tile_cost<V>(a, b) < 0) break;
      const int rest_a = rows % a, rest_b = columns % b;
      const long whole = long(rows / a) * (columns / b) * tile_cost<V>(a, b);
      const long sides =
          (rows / a) * tile_cost<V>(a, rest_b) + (columns / b) * tile_cost<V>(rest_a, b);
      const long bodies = 100 + (rest_a ? 3 : 0) + (rest_b ? 2 : 0);
      const long cost = (whole + sides + tile_cost<V>(rest_a, rest_b)) * bodies;
      if (least < 0 || cost < least) least = cost, best = {a, b};
    }
  return best;
}

// p, but the compiler cannot see that: GCC would carry operands from one round of a loop to the
// next where they overlap, and spill sums for that. (volatile, or of two it would make one.)
template <class T>
TYPEGRAD_INLINE const T* unrelated(const T* p) {
  asm volatile("" : "+r"(p));
  return p;
}

// x, once loaded: GCC would read an operand of several products from memory for each of them.
template <class T>
TYPEGRAD_INLINE Vector<T> in_register(Vector<T> x) {
#if defined(__x86_64__)
  asm("" : "+v"(x));
#endif
  return x;
}

// What taps side by side read overlaps. Of 32 registers some are free to keep it from one tap to
// the next; of AVX2's 16 none is, so each tap reads its own, once. (SSE, which has no multiply-add,
// would be slower for that.)
inline constexpr bool keeps_overlaps = TYPEGRAD_VECTOR_BYTES != 32;
template <class T>
TYPEGRAD_INLINE const T* of_tap(const T* p) {
  return keeps_overlaps ? p : unrelated(p);
}
template <class T>
TYPEGRAD_INLINE Vector<T> kept_for_tap(Vector<T> x) {
  return keeps_overlaps ? x : in_register<T>(x);
}

template <class T, int Rows, int Columns>
TYPEGRAD_INLINE void clear(Vector<T> (&sums)[Rows][Columns]) {
  TYPEGRAD_UNROLL for (int row = 0; row < Rows; ++row) {
    TYPEGRAD_UNROLL for (int column = 0; column < Columns; ++column) sums[row][column] =
        Vector<T>{};
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
