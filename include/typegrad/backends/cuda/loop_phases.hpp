// Steps of a loop that may end early, as phases: see phases.hpp.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/loop_end.hpp"
#include "typegrad/backends/cuda/phases.hpp"

namespace tg::cuda::phase {

// Whether the loop's step is taken, as a flag of type T in memory says.
template <class T, class Place>
TYPEGRAD_DEVICE bool says_taken(const Place& flag) {
  return flag.template as<const T>()[0] != T(0);
}

// Whether the loop's next step is taken, from its mask: a number of each sample, or one for all. A
// flag of type T in memory, for the steps behind it.
template <class Mask, class T, bool Shared>
struct TakesStep : TellsNothing {
  using Kernel = FindTaken;
  static constexpr int threads = Kernel::threads, places = 2;

  template <class Batch>
  static constexpr int tiles(const Batch&) {
    return Kernel::tiles();
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Kernel::run(c, at.of[0].template as<const Mask>(), Shared ? 1 : batch.samples,
                at.of[1].template as<T>());
  }
  // What it has said.
  template <class Places>
  TYPEGRAD_DEVICE static bool is_taken(const Places& at) {
    return says_taken<T>(at.of[places - 1]);
  }
};

// A step of the body where the loop's step is taken; what takes its place, where it is not. The
// last of its places is the flag, of type T.
template <class T, bool Taken, class Phase>
struct Where {
  using Extra = typename Phase::Extra;
  static constexpr int threads = Phase::threads, places = Phase::places + 1;

  static Extra extra(const Task& task, const ir::Node* nodes) { return Phase::extra(task, nodes); }
  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Phase::tiles(batch);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch,
                                  const Extra& extra) {
    if (says_taken<T>(at.of[Phase::places]) == Taken) Phase::run(c, at, batch, extra);
  }
};

// Rows of zeros.
template <class To, int Elements, bool Shared>
struct Zeros : TellsNothing {
  using Kernel = Clear;
  static constexpr int threads = Kernel::threads, places = 1;

  template <class Batch>
  static constexpr int tiles(const Batch& batch) {
    return Kernel::tiles(Elements, Shared ? 1 : batch.stride);
  }
  template <class C, class Places, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const Places& at, const Batch& batch, Nothing) {
    Kernel::run(c, at.of[0].template as<To>(), Elements, Shared ? 1 : batch.stride);
  }
};

}  // namespace tg::cuda::phase
