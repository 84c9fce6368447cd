// Runs a program on memory of the host, which each call copies, and on a device's, which none does.
// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <optional>

#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/backends/cuda/mirror.hpp"
#include "typegrad/graph/custom.hpp"

namespace tg::cuda {

// What runtime/ binds memory to.
template <class Device, class T>
class HostExecutor {
 public:
  HostExecutor(const Program<Device, T>& program, std::int64_t) {
    const std::lock_guard turn(cuda::home<Device>().turn);
    state = std::make_unique<State>(program);
  }

  // Memory of the host: a call copies what it reads and writes; a setting, when it has changed.
  // Stays until something else is bound.
  void bind(int which, T* memory) { state->bind(which, memory); }
  // Memory of the device, which must live as long.
  void bind(int which, const Part<Device>& part) { state->bind(which, part); }
  // Memory of the host that is bound there, null when it is the device's.
  T* bound(int which) const { return state->slots[std::size_t(which)].host; }

  // Pre: every slot that the program uses is bound. Throws Error when the device refuses.
  ir::Outcome run(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t call = 0) {
    const std::lock_guard turn(state->home->turn);
    state->bring_all(samples);
    state->executor.run(samples, seed, call);
    state->take_all(samples);
    return {};
  }

  // The same in three steps, for who launches more at once: executor.hpp says more.
  void prepare(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t call = 0) {
    state->bring_all(samples);
    state->executor.prepare(samples, seed, call);
  }
  void launch(std::int64_t samples) { state->executor.launch(samples); }
  Frame<Device, T> frame(std::int64_t samples) { return state->executor.frame(samples); }
  const Step<Device, T>* rows() const { return state->executor.rows(); }
  void finish(std::int64_t samples) { state->take_all(samples); }
  // Of a setting, once the device has had it: what is launched next sets it there to what the host
  // says.
  void device_sets(int which) {
    Slot& slot = state->slots[std::size_t(which)];
    if (slot.setting) slot.setting = *slot.host;
  }
  // Pre: a call is prepared.
  typename Device::template View<T> setting(int which) {
    return state->slots[std::size_t(which)].numbers->view();
  }
  void add_to(std::vector<std::uint64_t>& key, std::int64_t samples) {
    state->executor.add_to(key, samples);
  }
  auto call_view() { return state->executor.call_view(); }
  void call_was_counted() { state->executor.call_was_counted(); }

 private:
  template <class Number>
  using Buffer = typename Device::template Buffer<Number>;

  struct Slot {
    T* host = nullptr;
    Part<Device> part{};                           // of the device's memory, when there is a twin
    std::optional<Buffer<T>> numbers;              // what the host's is copied to
    std::optional<Buffer<std::int32_t>> integers;  // or these, or
    std::optional<Buffer<std::uint16_t>> halves;
    std::size_t room = 0;
    std::optional<T> setting;  // that the device has
  };
  struct State {
    explicit State(const Program<Device, T>& the_program)
        : program(&the_program),
          home(&cuda::home<Device>()),
          executor(the_program, home->device),
          slots(program->slots.size()) {}

    void bind(int which, T* memory) {
      Slot& slot = slots[std::size_t(which)];
      if (slot.part.twin != nullptr) slot = {};
      slot.host = memory;
    }
    void bind(int which, const Part<Device>& part) {
      Slot& slot = slots[std::size_t(which)];
      if (slot.part == part) return;
      slot = {};
      slot.part = part;
      executor.bind(which, part.twin->view(part.first, part.count));
    }

    void bring_all(std::int64_t samples) {
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const SlotUse& use = program->slots[i];
        Slot& slot = slots[i];
        if (!use.reads && !use.writes) continue;
        if (slot.part.twin != nullptr) {
          // What is written from end to end need not be there before.
          if (use.reads || !slot.part.whole || slot.part.count != count(use, samples))
            slot.part.twin->send_pieces(slot.part.begin, slot.part.end);
        } else if (slot.host != nullptr) {
          bring(int(i), use, slot, count(use, samples));
        }
      }
    }
    void take_all(std::int64_t samples) {
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const SlotUse& use = program->slots[i];
        Slot& slot = slots[i];
        if (!use.writes) continue;
        if (slot.part.twin != nullptr)
          slot.part.twin->changed_on_device(slot.part.begin, slot.part.end);
        else if (slot.host != nullptr && slot.room > 0)
          take(use, slot, count(use, samples));
      }
    }

    static std::size_t count(const SlotUse& use, std::int64_t samples) {
      return std::size_t(use.elements) * std::size_t(use.per_sample ? samples : 1);
    }
    void bring(int which, const SlotUse& use, Slot& slot, std::size_t needed) {
      if (needed == 0) return;
      if (use.is_setting) {
        if (slot.setting == *slot.host) return;
        slot.setting = *slot.host;
      }
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
        memory.emplace(home->device.template allocate<Number>(needed, "a slot"));
        slot.room = needed;
        executor.bind(which, memory->view());
      }
      if (program->slots[std::size_t(which)].reads)
        home->device.from_host(memory->view(), host, needed);
    }
    void take(const SlotUse& use, Slot& slot, std::size_t made) {
      if (use.halves)
        home->device.to_host(reinterpret_cast<std::uint16_t*>(slot.host), slot.halves->view(),
                             made);
      else
        home->device.to_host(slot.host, slot.numbers->view(), made);
    }

    const Program<Device, T>* program;
    Home<Device>* home;
    Executor<Device, T> executor;
    HeapArray<Slot> slots;
  };
  std::unique_ptr<State> state;
};

}  // namespace tg::cuda
