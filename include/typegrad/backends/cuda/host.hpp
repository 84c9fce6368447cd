// Runs a program on memory of the host: what a call reads and writes is copied.
// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <optional>

#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/graph/custom.hpp"

namespace tg::cuda {

// What runtime/ binds memory to. Every call copies all that it reads and writes.
template <class Device, class T>
class HostExecutor {
 public:
  HostExecutor(const Program<Device, T>& program, std::int64_t)
      : state(std::make_unique<State>(program)) {}

  // Memory of the host: stays until it is set again.
  void bind(int which, T* memory) { state->slots[std::size_t(which)].host = memory; }
  T* bound(int which) const { return state->slots[std::size_t(which)].host; }

  // Pre: every slot that the program uses is bound. Throws Error when the device refuses.
  ir::Outcome run(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t call = 0) {
    State& of = *state;
    for (std::size_t i = 0; i < of.program->slots.size(); ++i) of.bring(int(i), samples);
    of.executor.run(samples, seed, call);
    for (std::size_t i = 0; i < of.program->slots.size(); ++i) of.fetch(int(i), samples);
    return {};
  }

 private:
  template <class Number>
  using Buffer = typename Device::template Buffer<Number>;

  struct Slot {
    T* host = nullptr;
    std::optional<Buffer<T>> numbers;
    std::optional<Buffer<std::int32_t>> integers;  // or these, or
    std::optional<Buffer<std::uint16_t>> halves;
    std::size_t room = 0;
  };
  struct State {
    explicit State(const Program<Device, T>& the_program)
        : program(&the_program), executor(the_program, device), slots(program->slots.size()) {}

    std::size_t count(const SlotUse& use, std::int64_t samples) const {
      return std::size_t(use.elements) * std::size_t(use.per_sample ? samples : 1);
    }
    void bring(int which, std::int64_t samples) {
      const SlotUse& use = program->slots[std::size_t(which)];
      Slot& slot = slots[std::size_t(which)];
      const std::size_t needed = count(use, samples);
      if (slot.host == nullptr || needed == 0) return;
      if (use.integers)
        bring(which, reinterpret_cast<const std::int32_t*>(slot.host), slot.integers, needed);
      else if (use.halves)
        bring(which, reinterpret_cast<const std::uint16_t*>(slot.host), slot.halves, needed);
      else
        bring(which, slot.host, slot.numbers, needed);
    }
    template <class Number>
    void bring(int which, const Number* host, std::optional<Buffer<Number>>& memory,
               std::size_t needed) {
      Slot& slot = slots[std::size_t(which)];
      if (slot.room < needed) {
        memory.emplace(device.template allocate<Number>(needed, "a slot"));
        slot.room = needed;
        executor.bind(which, memory->view());
      }
      if (program->slots[std::size_t(which)].reads) device.from_host(memory->view(), host, needed);
    }
    void fetch(int which, std::int64_t samples) {
      const SlotUse& use = program->slots[std::size_t(which)];
      Slot& slot = slots[std::size_t(which)];
      if (slot.host == nullptr || !use.writes) return;
      if (use.halves)
        device.to_host(reinterpret_cast<std::uint16_t*>(slot.host), slot.halves->view(),
                       count(use, samples));
      else
        device.to_host(slot.host, slot.numbers->view(), count(use, samples));
    }

    const Program<Device, T>* program;
    Device device;
    Executor<Device, T> executor;
    HeapArray<Slot> slots;
  };
  std::unique_ptr<State> state;
};

}  // namespace tg::cuda
