// Register tiles: how many accumulators a kernel holds, and how an extent splits into tiles of
// constant size. SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Accumulators of one tile: AVX-512 has 32 registers, the others 16; some are left to operands.
inline constexpr int tile_accumulators = TYPEGRAD_VECTOR_BYTES == 64 ? 24 : 12;

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

template <class T, int Rows, int Columns>
TYPEGRAD_INLINE void clear(Vector<T> (&sums)[Rows][Columns]) {
  TYPEGRAD_UNROLL for (int row = 0; row < Rows; ++row) {
    TYPEGRAD_UNROLL for (int column = 0; column < Columns; ++column) sums[row][column] =
        Vector<T>{};
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
