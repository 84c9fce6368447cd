// Runs a table of steps on a device.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <array>
#include <vector>

#include "typegrad/backends/cuda/program.hpp"
#include "typegrad/core/heap_array.hpp"

namespace tg::cuda {

// A `Device` also has Buffer<T> allocate<T>(count, name), whose view() is its memory; clear(view,
// count), from_host(view, numbers, count) and to_host(numbers, view, count), in the order of
// launches, and transfers(), which counts the latter two; and a Recording, whose replay(device,
// key, launch_all) does what launch_all() launches, which is the same for the same key.
template <class Device, class T = float>
class Executor {
 public:
  using View = typename Device::AnyView;

  [[gnu::cold]] Executor(const Program<Device, T>& the_program, Device& the_device)
      : program(&the_program),
        device(&the_device),
        slot(program->slots.size()),
        lanes(device->template allocate<T>(0, "lanes")),
        halves(device->template allocate<std::uint16_t>(0, "lanes of halves")),
        shared(device->template allocate<T>(std::size_t(program->shared), "shared values")),
        constants(device->template allocate<T>(program->constants.size(), "constants")),
        call(device->template allocate<std::uint64_t>(2, "the call")) {
    device->from_host(constants.view(), program->constants.data(), program->constants.size());
    device->clear(call.view(), 2);
  }

  // Memory of others, on the device: a leaf, a gradient, an output. Stays until it is set again.
  void bind(int which, View memory) { slot[std::size_t(which)] = memory; }
  View bound(int which) const { return slot[std::size_t(which)]; }

  // Pre: every slot that the program uses is bound. Returns when all is launched.
  void run(std::int64_t samples, std::uint64_t seed = 0, std::uint64_t number = 0) {
    prepare(samples, seed, number);
    if (program->watcher != nullptr) return launch(samples, std::int64_t(number));
    key.clear();
    add_to(key, samples);
    recording.replay(*device, key, [&] { launch(samples); });
  }

  // The same in two steps, for who launches more at once: what a call needs, and its kernels.
  void prepare(std::int64_t samples, std::uint64_t seed, std::uint64_t number) {
    const int stride = stride_of(samples);
    if (stride > room) {
      const auto count = [&](int elements) { return std::size_t(elements) * std::size_t(stride); };
      lanes = device->template allocate<T>(count(program->lanes), "lanes");
      halves = device->template allocate<std::uint16_t>(count(program->halves), "lanes of halves");
      room = stride;
    }
    if (program->draws && last_call != Call{seed, number}) {
      last_call = {seed, number};
      device->from_host(call.view(), last_call.data(), 2);
    }
    if (program->samples_offset >= 0 && samples != last_samples) {
      const T count = T(samples);
      device->from_host(shared.view().part(program->samples_offset, 1), &count, 1);
      last_samples = samples;
    }
    if constexpr (HasLibrary<Device>)
      if (program->product_of_sample * stride >= Device::large_product ||
          program->product_of_shared >= Device::large_product)
        device->prepare_products();
  }
  void launch(std::int64_t samples, std::int64_t number = 0) {
    Frame<Device, T> now = frame(samples, number);
    launch_all(now);
  }
  // What its launches are told, for who makes one of several programs.
  Frame<Device, T> frame(std::int64_t samples, std::int64_t number = 0) {
    return {.device = device,
            .lanes = lanes.view(),
            .shared = shared.view(),
            .constants = constants.view(),
            .halves = halves.view(),
            .slots = slot.data(),
            .nodes = program->nodes.data(),
            .batch = {int(samples), stride_of(samples), call.view()},
            .call = number};
  }
  const Step<Device, T>* rows() const { return program->steps.data(); }
  // All on which the launches of a call depend: how many samples there are, and where memory is.
  void add_to(std::vector<std::uint64_t>& all, std::int64_t samples) {
    all.push_back(std::uint64_t(samples));
    all.push_back(View(lanes.view()).place());
    all.push_back(View(halves.view()).place());
    for (const View& memory : slot) all.push_back(memory.place());
  }
  // The call's number on the device, and the word that somebody has counted it up there.
  typename Device::template View<std::uint64_t> call_view() { return call.view(); }
  void call_was_counted() { ++last_call[1]; }

 private:
  // Each step once, those of a loop as often as it has steps.
  void launch_all(Frame<Device, T>& frame) const {
    const auto& steps = program->steps;
    if (program->whole != nullptr) return program->whole(frame, steps.data());
    for (std::size_t s = 0, end; s < steps.size(); s = end) {
      const Task& first = steps[s].task;
      end = s + 1;
      while (first.region != 0 && end < steps.size() && steps[end].task.region == first.region)
        ++end;
      // nvcc takes `time <` for a template.
      for (frame.time = 0; first.repeats > frame.time; ++frame.time)
        for (std::size_t i = s; i < end; ++i)
          if (program->watcher != nullptr)
            program->watcher->run(frame, steps[i]);
          else if (steps[i].launch != nullptr)
            steps[i].launch(frame, &steps[i]);
      frame.time = 0;
    }
  }

  static int stride_of(std::int64_t samples) {
    return tiles_of(int(samples), sample_unit) * sample_unit;
  }

  using Call = std::array<std::uint64_t, 2>;  // seed, number
  template <class Number>
  using Buffer = typename Device::template Buffer<Number>;

  const Program<Device, T>* program;
  Device* device;
  HeapArray<View> slot;
  Buffer<T> lanes;
  Buffer<std::uint16_t> halves;  // lanes, too
  Buffer<T> shared, constants;
  Buffer<std::uint64_t> call;
  typename Device::Recording recording;
  std::vector<std::uint64_t> key;
  int room = 0;      // samples
  Call last_call{};  // that the device knows
  std::int64_t last_samples = -1;
};

}  // namespace tg::cuda
