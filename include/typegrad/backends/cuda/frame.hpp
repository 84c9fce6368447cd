// What a step is launched with: where memory is now, how many samples there are, what to launch.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>

#include "typegrad/backends/cuda/plan.hpp"
#include "typegrad/graph/node.hpp"

namespace tg::cuda {

// Of a group, and whether its loop's step is taken.
inline constexpr int max_step_places = passes::max_group_places + 1;

// A step of the plan, without its kernel.
struct Task {
  std::int16_t node = -1;
  std::int16_t region = 0;   // the loop that it is in: neighbours of one region run together,
  std::int32_t repeats = 1;  // so many times
  std::array<Place, max_step_places> at{};  // what each means is the kernel's business
  std::uint64_t key = 0;                    // random numbers: of their name
};

// What every kernel is told. `call`: the seed, and the number of the call.
template <class Numbers>
struct Batch {
  int samples = 0;
  int stride = 0;  // samples for which there is room
  Numbers call{};
};

// What a kernel gets of a step's places.
template <class View, int Count>
struct Places {
  View of[Count > 0 ? Count : 1];
};

// A `Device` says what launches kernels and keeps their memory: cuda::Device (gpu.cuh), or
// emulator::Device. It has View<T>, some elements of its memory, and launch<Kernel>(tiles,
// arguments…), and AnyView, which any of them becomes; what an Executor asks of it, too, that one
// says. T is what is computed with.
template <class Device, class T = float>
struct Frame {
  using Numbers = typename Device::template View<T>;
  using HalfNumbers = typename Device::template View<std::uint16_t>;  // of either type
  using View = typename Device::AnyView;  // kernels know what lies in each place

  Device* device = nullptr;
  Numbers lanes{}, shared{}, constants{};
  HalfNumbers halves{};  // lanes, too
  const View* slots = nullptr;
  const ir::Node* nodes = nullptr;  // of the graph: what the fallback computes
  Batch<typename Device::template View<std::uint64_t>> batch{};
  int time = 0;           // the step of a loop
  std::int64_t call = 0;  // its number

  View at(const Place& place) const {
    const std::int64_t first = first_of(place);
    switch (place.base) {
      case Base::lanes:
        return place.half ? View(part_of(halves, place)) : View(part_of(lanes, place));
      case Base::shared:
        return shared.part(first, place.elements);
      case Base::constants:
        return constants.part(first, 1);
      case Base::slot:
        if (first == 0) return slots[place.slot];
        if (place.half)
          return slots[place.slot].template as<std::uint16_t>().part(first, place.elements);
        return slots[place.slot].template as<T>().part(first, place.elements);
      case Base::nowhere:
        break;
    }
    return {};
  }
  template <int Count>
  Places<View, Count> places(const Task& task) const {
    Places<View, Count> result;
    for (int i = 0; i < Count; ++i) result.of[i] = at(task.at[std::size_t(i)]);
    return result;
  }

 private:
  std::int64_t first_of(const Place& place) const {
    return place.offset + place.part + (place.alternates ? time & 1 : time) * place.time_stride;
  }
  template <class Memory>
  Memory part_of(const Memory& memory, const Place& place) const {
    return memory.part(first_of(place) * batch.stride, std::int64_t(place.elements) * batch.stride);
  }
};

template <class Device, class T = float>
struct Step {
  // Of this row of a table, and of those behind it that have no launch of their own.
  using Launch = void (*)(const Frame<Device, T>&, const Step*);

  Launch launch = nullptr;
  Task task{};
};

}  // namespace tg::cuda
