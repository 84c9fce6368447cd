// A whole program as one kernel: its phases one after the other, with barriers between waves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/phases.hpp"

namespace tg::cuda {

// A phase, and whether it waits for those before it: within a wave none reads what another writes.
template <class Phase, bool Waits>
struct InWave {
  using type = Phase;
  static constexpr bool waits = Waits;
};

// What each of the phases is told.
template <class View, class... Items>
struct Tasks {};
template <class View, class Item, class... Items>
struct Tasks<View, Item, Items...> {
  using Phase = typename Item::type;
  Places<View, Phase::places> places;
  typename Phase::Extra extra;
  Tasks<View, Items...> rest;
};

// All blocks are on the device together: each takes its share of every phase. Kernels that a phase
// runs ask how many threads there are; those of tiles in registers have as many.
template <class... Items>
struct Whole {
  static constexpr int threads = 256;
  static constexpr bool cooperative = true;

  template <class C, class All, class Batch>
  TYPEGRAD_DEVICE static void run(const C& c, const All& tasks, const Batch& batch) {
    run_items<Items...>(c, tasks, batch);
  }

 private:
  template <class C, class Last, class Batch>
  TYPEGRAD_DEVICE static void run_items(const C&, const Last&, const Batch&) {}
  template <class Item, class... Rest, class C, class All, class Batch>
  TYPEGRAD_DEVICE static void run_items(const C& c, const All& tasks, const Batch& batch) {
    if constexpr (Item::waits) c.grid_barrier();
    Item::type::run(c, tasks.places, batch, tasks.extra);
    run_items<Rest...>(c, tasks.rest, batch);
  }
};

}  // namespace tg::cuda
