// A whole program as one kernel: its phases one after the other, with barriers between waves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/phases.hpp"

namespace tg::cuda {

// Of a kernel, on every device since sm_70.
inline constexpr std::size_t most_argument_bytes = 32764 - 64;

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

// Tells `tasks` what each step of a frame is told. Returns the blocks that the largest can use.
template <class Frame, class Step, class View>
int tell(Tasks<View>&, const Frame&, const Step*) {
  return 1;
}
template <class Frame, class Step, class View, class Item, class... Items>
int tell(Tasks<View, Item, Items...>& tasks, const Frame& frame, const Step* step) {
  using Phase = typename Item::type;
  tasks.places = frame.template places<Phase::places>(step->task);
  tasks.extra = Phase::extra(step->task, frame.nodes);
  const int rest = tell(tasks.rest, frame, step + 1), mine = Phase::tiles(frame.batch);
  return mine > rest ? mine : rest;
}

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

template <class Device, class T, class... Items>
void launch_whole(const Frame<Device, T>& frame, const Step<Device, T>* steps) {
  Tasks<typename Frame<Device, T>::View, Items...> tasks;
  static_assert(sizeof(tasks) <= most_argument_bytes,
                "typegrad: too many steps for one kernel; they are launched one by one");
  const int tiles = tell(tasks, frame, steps);
  frame.device->template launch<Whole<Items...>>(tiles, tasks, frame.batch);
}

}  // namespace tg::cuda
