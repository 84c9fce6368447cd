// What the CPU does with a fused graph: its steps in their order, and where every value lies.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/passes/fuse.hpp"
#include "typegrad/passes/slots.hpp"

namespace tg::cpu {

using passes::Fusion;
using passes::gradient_slot;
using passes::Group;
using passes::is_rows;
using passes::leaf_slot;
using passes::max_nodes;
using passes::output_slot;
using passes::PerNode;
using passes::Source;
using passes::Sources;

// Small gradients are summed in this many parts, tile t into part t mod 8: the same bits for any
// number of threads.
inline constexpr int partial_sums = 8;

// How per-sample values lie in memory: a lane per sample, or, one sample at a time, vectors along
// its elements.
enum class Layout : std::uint8_t { lanes, flat };

// Where a value lies. An address is base + offset + part, for values of a tile + tile *
// tile_stride, and for rows that a loop visits + time * time_stride, or every other time.
enum class Base : std::uint8_t {
  nowhere,
  scratch,   // of one thread, for one tile
  store,     // of a chunk: every tile has its own
  shared,    // values that the samples share
  partials,  // partial sums of values across samples
  constants,
  slot,  // memory of others: leaves, gradients of parameters, outputs
};

struct Location {
  Base base = Base::nowhere;
  std::int16_t slot = -1;
  std::int32_t offset = 0;
  std::int32_t tile_stride = 0;
  std::int32_t part = 0;  // where a part of the value begins
  std::int32_t time_stride = 0;
  bool alternates = false;
};

enum class StepKind : std::uint8_t {
  load,          // samples of a leaf to lanes
  begin,         // the first value of a loop's carry
  group,         // the kernel of a fusion group
  rows,          // a gradient of a matrix: rows of it, over a chunk of samples
  store,         // lanes to samples, for `rows`
  output,        // lanes to samples, for the caller
  add_partials,  // the end of a sum across samples
  copy,          // an update whose value was not made in place
};

// Within a level: what the samples share, then each tile, then matrices over all tiles of the
// chunk.
enum class Phase : std::uint8_t { shared, tile, rows };

struct StepPlan {
  StepKind kind{};
  Phase phase{};
  std::int16_t level = 0;
  std::int16_t node = -1;  // the leaf, the anchor, the value, the sink
  std::int16_t group = -1;
  std::int16_t region = 0;
};

// With room for so many nodes.
template <int Room>
struct PlanOf {
  FixedVector<StepPlan, 2 * Room> steps;  // sorted by level, then phase
  // Of each node.
  FixedVector<Location, Room> location;    // of stored values, in lanes or shared
  FixedVector<Location, Room> by_samples;  // of those read sample by sample: `rows`, callers
  PerNode<std::int32_t, Room> partial{};   // offset among the partial sums
  FixedVector<double, Room> constants;
  int scratch_size = 0, store_size = 0, shared_size = 0,
      partials_size = 0;  // elements; scratch and store per tile
  int levels = 0;
  int outputs = 0;
  bool has_rows = false;
  int samples_offset = -1;  // in shared: the number of samples of the call

  template <int Other>
  constexpr operator PlanOf<Other>() const {
    return {steps,        location,   by_samples,    resized<Other>(partial), constants,
            scratch_size, store_size, shared_size,   partials_size,           levels,
            outputs,      has_rows,   samples_offset};
  }
};
using Plan = PlanOf<max_nodes>;

}  // namespace tg::cpu
