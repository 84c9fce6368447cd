// What a kernel is called with: where memory is now, and what to do there.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/ahead.hpp"
#include "typegrad/backends/cpu/plan.hpp"
#include "typegrad/graph/custom.hpp"

namespace tg::cpu {

template <class T>
struct Step;
template <class T>
struct Frame;

// Stands between the executor and every step, where somebody looks on: runtime/observe.hpp.
template <class T>
class Watcher {
 public:
  virtual void run(const Frame<T>& frame, const Step<T>& step) = 0;

 protected:
  ~Watcher() = default;
};

// The moving part: bases of memory, which tile, which samples, which rows.
template <class T>
struct Frame {
  T* scratch = nullptr;  // of this thread
  T* store = nullptr;    // of the chunk
  T* shared = nullptr;
  T* partials = nullptr;  // of this part
  const T* constants = nullptr;
  T* const* slots = nullptr;
  std::int64_t samples = 0;       // of the call
  std::int64_t tile = 0;          // of the call
  std::int64_t first_sample = 0;  // of the tile, or of the chunk in a rows step
  int store_tile = 0;             // of the chunk
  int store_tiles = 1;            // tiles that the store has room for
  int active = 1;                 // lanes that hold a sample; the others repeat the last one
  int chunk_samples = 0;
  int part_count = 0,
      part_stride = 0;        // partial sums that were written, and the distance between them
  bool first_of_part = true;  // nothing was added to this part yet
  bool first_chunk = true;
  int time = 0;                       // the step of a loop
  int begin = 0, end = 0;             // rows, or elements, of a step that threads share
  const ir::Node* nodes = nullptr;    // of the graph: what the fallback computes
  const ir::Place* places = nullptr;  // the lines that nodes name; null: nobody asks
  std::uint64_t seed = 0, call = 0;   // random numbers: which stream, which call
  ir::Failure* failure = nullptr;     // where a user's kernel says what went wrong
  Watcher<T>* watcher = nullptr;      // what the steps of a watched program call
  Ahead* ahead = nullptr;             // null: there is nothing to ask for

  // Where a value lies that is stored as S: a Location counts such elements. Out of line: a kernel
  // asks for a handful of addresses, once for each of its calls.
  template <class S = T>
  [[gnu::noinline]] S* at(const Location& l) const {
    const auto stored = [](const T* memory) {
      return reinterpret_cast<S*>(const_cast<T*>(memory));
    };
    const std::int64_t row = std::int64_t(l.alternates ? time & 1 : time) * l.time_stride + l.part;
    switch (l.base) {
      case Base::scratch:
        return stored(scratch) + l.offset + row;
      case Base::store:
        return stored(store) + std::int64_t(l.offset) * store_tiles +
               std::int64_t(store_tile) * l.tile_stride + row;
      case Base::shared:
        return stored(shared) + l.offset + row;
      case Base::partials:
        return stored(partials) + l.offset;
      case Base::constants:
        return stored(constants) + l.offset;
      case Base::slot:
        return stored(slots[l.slot]) + l.offset + tile * l.tile_stride + row;
      case Base::nowhere:
        break;
    }
    return nullptr;
  }
};

inline constexpr int max_step_locations = passes::max_group_places;

// What a step moves between the caller's memory and lanes, and computes nothing: at[0] is read, or
// at[1] is written.
enum class Moves : std::uint8_t { nothing, in, out };

template <class T>
struct Step {
  using Kernel = void (*)(const Frame<T>&, const Step&);

  Kernel run = nullptr;
  Phase phase{};
  Moves moves{};
  std::int16_t level = 0;
  std::int16_t node = -1;  // for reports
  std::int16_t scope = -1;
  std::int16_t region = 0;   // the loop that it is in: neighbours of one region run together,
  std::int32_t repeats = 1;  // so many times
  std::int32_t extent = 0;   // rows or elements that threads may share; 0: nothing to share
  std::int32_t grain = 1;    // they are shared in multiples of this
  std::array<Location, max_step_locations> at{};  // what each means is the kernel's business
  std::uint64_t key = 0;                          // random numbers: of their name
};

}  // namespace tg::cpu
