// How much memory a program works on, beside what others own.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "typegrad/backends/cpu/plan.hpp"

namespace tg::cpu {

// Samples that one pass over the store holds, when a program's tiles do not wait for each other.
inline constexpr int chunk_samples = 128;

// What a plan asks for, in elements.
struct Sizes {
  int lanes = 1;               // samples of a tile
  int scratch = 0;             // of each thread
  int store = 0;               // of each tile of a chunk
  int shared = 0;              // of all
  int partials = 0;            // of each part of the sums across samples
  bool across_levels = false;  // all tiles of a call are in one chunk
};

// What an Executor allocates for it, in elements.
struct Workspace {
  int chunk_tiles = 1;
  std::size_t scratch = 0, store = 0, shared = 0, partials = 0;

  constexpr std::size_t elements() const { return scratch + store + shared + partials; }
};

// `capacity`: the most samples of a call, 0 for any number (which a program across levels does not
// allow).
constexpr Workspace workspace_of(const Sizes& sizes, std::int64_t capacity, int threads) {
  const std::int64_t wanted = sizes.across_levels ? capacity
                              : capacity == 0     ? chunk_samples
                                                  : std::min<std::int64_t>(capacity, chunk_samples);
  const int tiles = int((wanted + sizes.lanes - 1) / sizes.lanes);
  return {.chunk_tiles = tiles,
          .scratch = std::size_t(sizes.scratch) * std::size_t(threads),
          .store = std::size_t(sizes.store) * std::size_t(tiles),
          .shared = std::size_t(sizes.shared),
          .partials = std::size_t(sizes.partials) * partial_sums};
}

}  // namespace tg::cpu
