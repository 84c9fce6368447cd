// Steps of one wave as one kernel: each has blocks of its own.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/large_product.hpp"
#include "typegrad/backends/cuda/phases.hpp"

namespace tg::cuda {

// Of a kernel, on every device since sm_70.
inline constexpr std::size_t most_argument_bytes = 32764 - 64;

// Of a block that runs several phases. Kernels ask how many threads there are; those of tiles in
// registers have as many.
inline constexpr int wave_threads = 256;

// What a kernel's thread knows of itself where several phases are one kernel: its block is one of a
// phase's, and the arrays of all phases lie in the same shared memory.
template <class C>
class Guest : public C {
 public:
  TYPEGRAD_DEVICE Guest(const C& c, int the_block, int the_blocks)
      : C(c), own_block(the_block), own_blocks(the_blocks) {}

  TYPEGRAD_DEVICE int block() const { return own_block; }
  TYPEGRAD_DEVICE int blocks() const { return own_blocks; }

  template <class T, int Count, int Number = 0>
  TYPEGRAD_DEVICE auto shared() const {
    constexpr int room = int(common_bytes / sizeof(T));
    return C::template shared<T, (Count < room ? room : Count), Number>().part(0, Count);
  }

 private:
  static constexpr std::size_t common_bytes = std::size_t(16) << 10;
  int own_block, own_blocks;
};

// How far each of a step's places moves with every step of its loop, in bytes: onwards, or there
// and back.
template <int Count, bool InLoop>
struct Paces {
  template <class Device, class T>
  static Paces of(const Frame<Device, T>&, const Task&) {
    return {};
  }
  template <class At>
  TYPEGRAD_DEVICE const At& move(const At& places, int) const {
    return places;
  }
};
template <int Count>
struct Paces<Count, true> {
  std::int64_t bytes[Count];
  bool alternates[Count];

  template <class Device, class T>
  static Paces of(const Frame<Device, T>& frame, const Task& task) {
    Paces result;
    for (int i = 0; i < Count; ++i) {
      const Place& place = task.at[std::size_t(i)];
      const std::size_t size = place.half ? sizeof(std::uint16_t) : sizeof(T);
      result.bytes[i] = std::int64_t(size) * place.time_stride *
                        (place.base == Base::lanes ? frame.batch.stride : 1);
      result.alternates[i] = place.alternates;
    }
    return result;
  }
  template <class At>
  TYPEGRAD_DEVICE At move(At places, int time) const {
    for (int i = 0; i < Count; ++i)
      places.of[i] = places.of[i].moved((alternates[i] ? time & 1 : time) * bytes[i]);
    return places;
  }
};

template <class Frame>
using DeviceOf = std::remove_pointer_t<decltype(Frame::device)>;

// What each phase is told, and how many blocks have something to do for it.
template <class View, bool InLoop, class... Phases>
struct Tasks {
  template <bool InLaunch, class Frame, class Row>
  int tell(const Frame&, const Row*) {
    return 0;
  }
};
template <class View, bool InLoop, class Phase, class... Phases>
struct Tasks<View, InLoop, Phase, Phases...> {
  Places<View, Phase::places> places;
  Paces<Phase::places, InLoop> paces;
  typename Phase::Extra extra;
  int tiles;
  Tasks<View, InLoop, Phases...> rest;

  // What the rows of a program's table say. Returns the blocks for all of them. A product that a
  // library makes, in a launch of its own, needs none.
  template <bool InLaunch, class Frame, class Row>
  int tell(const Frame& frame, const Row* row) {
    places = frame.template places<Phase::places>(row->task);
    paces = Paces<Phase::places, InLoop>::of(frame, row->task);
    extra = Phase::extra(row->task, frame.nodes);
    tiles = Phase::tiles(frame.batch);
    if constexpr (InLaunch && HasLibrary<DeviceOf<Frame>> && ProductPhase<Phase>::exists)
      if (launch_product<Phase>(frame, row->task)) tiles = 0;
    return tiles + rest.template tell<InLaunch>(frame, row + 1);
  }
};

// Phases that read nothing of each other's. A block takes tiles of one after the other.
template <class... Phases>
struct Wave {
  static_assert(((Phases::threads <= wave_threads) && ...),
                "typegrad: blocks of several steps have 256 threads, a step's kernel wants more");
  static constexpr int threads = wave_threads, steps = sizeof...(Phases);

  template <class View, bool InLoop>
  struct Told {
    Tasks<View, InLoop, Phases...> tasks;
    int tiles;

    template <bool InLaunch = false, class Frame, class Row>
    int tell(const Frame& frame, const Row* row) {
      return tiles = tasks.template tell<InLaunch>(frame, row);
    }
  };

  template <class C, class All, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run(const C& c, const All& told, const Batch& batch,
                                         int time = 0) {
    if constexpr (steps > 0)
      for (int tile = c.block(); tile < told.tiles; tile += c.blocks())
        run_tile<Phases...>(c, told.tasks, tile, batch, time);
  }

 private:
  template <class Phase, class... Rest, class C, class All, class Batch>
  TYPEGRAD_DEVICE_INLINE static void run_tile(const C& c, const All& tasks, int tile,
                                              const Batch& batch, int time) {
    if (tile < tasks.tiles) {
      const Guest<C> guest(c, tile, tasks.tiles);
      Phase::run(guest, tasks.paces.move(tasks.places, time), batch, tasks.extra);
      return;
    }
    if constexpr (sizeof...(Rest) > 0)
      run_tile<Rest...>(c, tasks.rest, tile - tasks.tiles, batch, time);
  }
};

// The steps from `row` on.
template <class Device, class T, class... Phases>
void launch_wave(const Frame<Device, T>& frame, const Step<Device, T>* row) {
  using Kernel = Wave<Phases...>;
  typename Kernel::template Told<typename Frame<Device, T>::View, false> told;
  static_assert(sizeof(told) <= most_argument_bytes);
  if (const int tiles = told.template tell<true>(frame, row); tiles > 0)
    frame.device->template launch<Kernel>(tiles, told, frame.batch);
}

}  // namespace tg::cuda
