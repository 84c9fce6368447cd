// Runs a table of steps: stage by stage, tile by tile, on a pool of threads.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <span>

#include "typegrad/backends/cpu/loop_exits.hpp"
#include "typegrad/backends/cpu/workspace.hpp"
#include "typegrad/core/aligned_buffer.hpp"
#include "typegrad/core/denormals.hpp"
#include "typegrad/core/heap_array.hpp"
#include "typegrad/core/thread_pool.hpp"

namespace tg::cpu {

template <class T>
class Executor;

// A compiled definition: constant tables, and how much memory they work on.
template <class T>
struct Program {
  using Element = T;
  using Executor = cpu::Executor<T>;

  std::span<const Step<T>> steps;  // sorted by level, then phase
  std::span<const ir::Node> nodes;
  std::span<const T> constants;
  std::span<const LoopExit> exits;  // of loops that may end early
  std::span<const IdleRow> idle_rows;
  std::span<const ir::Place> places;  // where there are users' operations, which name them
  Sizes sizes{};
  int slots = 0;
  int samples_offset = -1;
  bool has_rows = false;
  Watcher<T>* watcher = nullptr;
};

template <class T>
class Executor {
 public:
  // `capacity`: the most samples of a call, 0 for any number (which a program across levels does
  // not allow).
  [[gnu::cold]] Executor(const Program<T>& the_program, std::int64_t capacity,
                         ThreadPool& the_pool = default_pool())
      : program(&the_program), pool(&the_pool), slot(std::size_t(program->slots)) {
    const Workspace work = workspace_of(program->sizes, capacity, pool->threads());
    chunk_tiles = work.chunk_tiles;
    scratch = AlignedBuffer<T>(work.scratch);
    store = AlignedBuffer<T>(work.store);
    shared = AlignedBuffer<T>(work.shared);
    partials = AlignedBuffer<T>(work.partials);
    std::size_t count = 0;
    for (std::size_t s = 0; s < program->steps.size(); ++s) count += begins_stage(s);
    stages = HeapArray<Stage>(count);
    for (std::size_t s = 0, next = 0; s < program->steps.size(); ++s) {
      const Step<T>& step = program->steps[s];
      if (begins_stage(s)) stages[next++] = {step.phase, step.level, int(s), 0};
      stages[next - 1].end = int(s + 1);
    }
  }

  // Memory of others: a leaf, a gradient, an output. Stays until it is set again.
  void bind(int which, T* memory) { slot[std::size_t(which)] = memory; }
  T* bound(int which) const { return slot[std::size_t(which)]; }

  // Pre: every slot that the program uses is bound. No allocation, no exception.
  ir::Outcome run(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t call = 0) {
    const FlushesDenormals flushing;
    Frame<T> frame;
    frame.scratch = scratch.data();
    frame.store = store.data();
    frame.shared = shared.data();
    frame.partials = partials.data();
    frame.constants = program->constants.data();
    frame.slots = slot.data();
    frame.nodes = program->nodes.data();
    frame.places = program->places.data();
    frame.store_tiles = chunk_tiles;
    frame.part_stride = program->sizes.partials;
    frame.part_count = int(std::min<std::int64_t>(
        partial_sums, (samples + program->sizes.lanes - 1) / program->sizes.lanes));
    frame.samples = samples;
    frame.seed = seed;
    frame.call = call;
    frame.watcher = program->watcher;
    ir::Failure failure;
    frame.failure = &failure;
    if (program->samples_offset >= 0) shared[std::size_t(program->samples_offset)] = T(samples);
    for (std::size_t s = 0; s < stages.size() && failure.why.load() == nullptr; ++s) {
      if (stages[s].phase == Phase::shared) {
        run_shared(frame, stages[s]);
      } else if (stages[s].phase == Phase::tile) {
        const bool rows_follow = s + 1 < stages.size() && stages[s + 1].phase == Phase::rows;
        run_chunks(frame, stages[s], rows_follow ? &stages[s + 1] : nullptr);
        if (rows_follow) ++s;
      }
    }
    return {failure.why.load(), failure.place};
  }

 private:
  struct Stage {
    Phase phase;
    int level, begin, end;  // steps
  };
  bool begins_stage(std::size_t s) const {
    const auto& steps = program->steps;
    return s == 0 || steps[s].level != steps[s - 1].level || steps[s].phase != steps[s - 1].phase;
  }

  // Elements of a step, in shares that do not depend on the number of threads; small ones stay on
  // this thread.
  void run_split(Frame<T> frame, const Step<T>& step) {
    const int blocks = (step.extent + step.grain - 1) / step.grain;
    if (blocks <= 1) {
      frame.begin = 0, frame.end = step.extent;
      return step.run(frame, step);
    }
    const int threads = pool->threads();
    pool->run(threads, [&](int thread) {
      Frame<T> mine = frame;
      mine.begin = int(std::int64_t(blocks) * thread / threads) * step.grain;
      mine.end =
          std::min(step.extent, int(std::int64_t(blocks) * (thread + 1) / threads) * step.grain);
      if (mine.begin < mine.end) step.run(mine, step);
    });
  }

  void run_shared(const Frame<T>& frame, const Stage& stage) {
    Frame<T> mine = frame;
    run_steps(mine, stage, [&](const Step<T>& step) { run_split(mine, step); });
  }

  // Each step once, those of a loop as often as it has steps that change something.
  template <class Run>
  void run_steps(Frame<T>& frame, const Stage& stage, Run run) {
    for (int s = stage.begin, end; s < stage.end; s = end) {
      const Step<T>& first = program->steps[std::size_t(s)];
      end = s + 1;
      while (first.region != 0 && end < stage.end &&
             program->steps[std::size_t(end)].region == first.region)
        ++end;
      const LoopExit* exit = exit_of(first.region);
      // nvcc takes `time <` for a template.
      for (frame.time = 0; first.repeats > frame.time; ++frame.time) {
        if (exit != nullptr) skip_idle_steps(frame, *exit, program->idle_rows, first.repeats);
        if (first.repeats == frame.time) break;
        for (int i = s; i < end; ++i) run(program->steps[std::size_t(i)]);
      }
      frame.time = 0;
    }
  }

  const LoopExit* exit_of(int region) const {
    for (const LoopExit& exit : program->exits)
      if (exit.region == region) return &exit;
    return nullptr;
  }

  void run_chunks(const Frame<T>& frame, const Stage& stage, const Stage* rows) {
    const int lanes = program->sizes.lanes;
    const std::int64_t tiles = (frame.samples + lanes - 1) / lanes;
    const bool whole = rows == nullptr && program->sizes.store == 0;  // nothing waits for a chunk
    const std::int64_t chunk = whole ? tiles : chunk_tiles;
    for (std::int64_t first = 0; first < tiles; first += chunk) {
      const std::int64_t last = std::min(tiles, first + chunk);
      if (program->sizes.partials == 0)
        run_shares(frame, stage, first, last);
      else
        run_parts(frame, stage, first, last);
      if (rows == nullptr) continue;
      Frame<T> all = frame;
      all.tile = first;
      all.first_sample = first * lanes;
      all.chunk_samples = int(std::min(frame.samples, last * lanes) - first * lanes);
      all.first_chunk = first == 0;
      for (int s = rows->begin; s < rows->end; ++s) run_split(all, program->steps[std::size_t(s)]);
    }
  }

  // Tiles that leave nothing to be summed: each thread takes its own, one after the other in
  // memory.
  void run_shares(const Frame<T>& frame, const Stage& stage, std::int64_t first,
                  std::int64_t last) {
    const std::int64_t tiles = last - first;
    const int threads = int(std::min<std::int64_t>(pool->threads(), tiles));
    pool->run(threads, [&](int thread) {
      Frame<T> mine = frame;
      mine.scratch += std::size_t(program->sizes.scratch) * std::size_t(thread);
      const std::int64_t end = tiles * (thread + 1) / threads;
      for (std::int64_t t = tiles * thread / threads; t < end; ++t)
        run_tile(mine, stage, first + t, first, t + 1 < end ? first + t + 1 : -1);
    });
  }

  // Tile t adds to part t mod 8, and a part's tiles run in order on one thread: the same bits for
  // any number of threads. Part p of a later chunk may begin with any tile: all parts that have
  // one.
  void run_parts(const Frame<T>& frame, const Stage& stage, std::int64_t first, std::int64_t last) {
    const auto first_of = [&](int part) {
      const std::int64_t tile = first - first % partial_sums + part;
      return tile < first ? tile + partial_sums : tile;
    };
    const auto run_part = [&](int part) {
      Frame<T> mine = frame;
      mine.scratch += std::size_t(program->sizes.scratch) * std::size_t(part % pool->threads());
      mine.partials += std::int64_t(part) * program->sizes.partials;
      const int next_part = part + pool->threads();  // this thread's
      for (std::int64_t tile = first_of(part); tile < last; tile += partial_sums) {
        mine.first_of_part = tile < partial_sums;
        std::int64_t next = tile + partial_sums;
        if (next >= last) next = next_part < partial_sums ? first_of(next_part) : last;
        run_tile(mine, stage, tile, first, next < last ? next : -1);
      }
    };
    if (last - first == 1)
      run_part(int(first % partial_sums));
    else
      pool->run(partial_sums, run_part);
  }

  // next_tile: of this thread; -1 if there is none.
  [[gnu::noinline]] void run_tile(Frame<T>& frame, const Stage& stage, std::int64_t tile,
                                  std::int64_t first_tile, std::int64_t next_tile) {
    const int lanes = program->sizes.lanes;
    frame.tile = tile;
    frame.store_tile = int(tile - first_tile);
    frame.first_sample = tile * lanes;
    frame.active = int(std::min<std::int64_t>(lanes, frame.samples - tile * lanes));
    Ahead ahead;
    int steps = look_ahead(frame, stage, next_tile, ahead);
    frame.ahead = frame.samples > lanes ? &ahead : nullptr;
    run_steps(frame, stage, [&](const Step<T>& step) {
      if (frame.ahead == nullptr || step.moves != Moves::nothing) return step.run(frame, step);
      ahead.begin(steps--);
      step.run(frame, step);
      ahead.end();
    });
  }

  // What the tile writes of the caller's memory, and the next one reads; how often steps compute.
  int look_ahead(const Frame<T>& frame, const Stage& stage, std::int64_t next_tile,
                 Ahead& ahead) const {
    const auto add = [&](const Location& at, std::int64_t tile, bool written) {
      const std::int64_t lanes = program->sizes.lanes,
                         rows = std::min(lanes, frame.samples - tile * lanes);
      if (at.base == Base::slot)
        ahead.add(frame.at(at) + (tile - frame.tile) * at.tile_stride,
                  at.tile_stride / lanes * rows * std::int64_t(sizeof(T)), written);
    };
    int computed = 0;
    for (int s = stage.begin; s < stage.end; ++s) {
      const Step<T>& step = program->steps[std::size_t(s)];
      if (step.moves == Moves::nothing)
        computed += step.repeats;
      else if (step.moves == Moves::out)
        add(step.at[1], frame.tile, true);
      else if (next_tile >= 0)
        add(step.at[0], next_tile, false);
    }
    return computed;
  }

  const Program<T>* program;
  ThreadPool* pool;
  HeapArray<T*> slot;
  HeapArray<Stage> stages;
  AlignedBuffer<T> scratch, store, shared, partials;
  int chunk_tiles = 1;
};

}  // namespace tg::cpu
