// A training step as one cooperative kernel: take samples, differentiate, judge the loss, update.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cuda/kernels/training.hpp"
#include "typegrad/backends/cuda/program.hpp"

namespace tg::cuda {

// What TakeBatch is told; of no samples, where they are there.
template <class Device, class Input, class Target>
struct Taking {
  template <class Number>
  using View = typename Device::template View<Number>;

  TakeBatch::Rows<View<Input>> inputs{};
  TakeBatch::Rows<View<Target>> targets{};
  View<std::uint32_t> order{};
  View<std::int64_t> position{};
  int count = 0;

  int tiles() const { return TakeBatch::tiles(count, inputs.width + targets.width); }
  void launch(Device& device) const {
    if (count > 0)
      device.template launch<TakeBatch>(tiles(), inputs, targets, order, position, count);
  }
  template <class C>
  TYPEGRAD_DEVICE_INLINE void run(const C& c) const {
    if (count == 0) return;
    TakeBatch::run(c, inputs, targets, order, position, count);
    c.grid_barrier();
  }
};

// What Judge is told.
template <class Device, class T>
struct Judging {
  template <class Number>
  using View = typename Device::template View<Number>;

  View<T> measured, teaches, log;
  int log_length;
  View<T> rates{}, rate{};
  bool scheduled = false;
  View<std::int64_t> counters;
  View<std::uint64_t> call;
  int samples;
  Verdict verdict;

  void launch(Device& device) const {
    device.template launch<Judge>(Judge::tiles(), measured, teaches, log, log_length, rates, rate,
                                  scheduled, counters, call, samples, verdict);
  }
  template <class C>
  TYPEGRAD_DEVICE_INLINE void run(const C& c) const {
    Judge::run(c, measured, teaches, log, log_length, rates, rate, scheduled, counters, call,
               samples, verdict);
  }
};

template <class Differentiate, class Update>
struct WholeStep {
  static constexpr int threads = wave_threads;
  static constexpr bool cooperative = true;

  template <class C, class Taken, class Told, class Batch, class Judged, class ToldUpdate>
  TYPEGRAD_DEVICE_INLINE static void run(const C& c, const Taken& taking, const Told& told,
                                         const Batch& batch, const Judged& judging,
                                         const ToldUpdate& update, const Batch& once) {
    taking.run(c);
    Differentiate::run(c, told, batch, 0);
    c.grid_barrier();
    judging.run(c);
    c.grid_barrier();
    Update::run(c, update, once, 0);
  }
};

// How a step runs: the launches of its two programs, and what is between them, or one.
struct Apart {
  static constexpr bool is_one = false;
};
template <class Differentiate, class Update>
struct AsOne {
  static constexpr bool is_one = true;

  template <class Device, class T, class Taken>
  static void launch(const Taken& taking, const Frame<Device, T>& frame,
                     const Step<Device, T>* rows, const Judging<Device, T>& judging,
                     const Frame<Device, T>& update_frame, const Step<Device, T>* update_rows) {
    using View = typename Device::AnyView;
    typename Differentiate::template Told<View, false> told;
    typename Update::template Told<View, false> update;
    const int tiles =
        std::max({taking.tiles(), told.tell(frame, rows), update.tell(update_frame, update_rows)});
    frame.device->template launch<WholeStep<Differentiate, Update>>(
        tiles, taking, told, frame.batch, judging, update, update_frame.batch);
  }
};

// Of two programs, each LoweredFor a device: AsOne where each of them is one kernel, and one may be
// told as much as both.
template <class... Items>
InOrder<Items...> in_order(Parts<Items...>);
template <class Device, class Differentiate, class Update>
consteval auto way_of_step() {
  if constexpr (Differentiate::is_one && Update::is_one) {
    using First = decltype(in_order(parts_of<typename Differentiate::L>()));
    using Second = decltype(in_order(parts_of<typename Update::L>()));
    using View = typename Device::AnyView;
    constexpr std::size_t others = 1024;  // bytes
    constexpr bool fits = sizeof(typename First::template Told<View, false>) +
                              sizeof(typename Second::template Told<View, false>) + others <=
                          most_argument_bytes;
    return std::conditional_t<fits, AsOne<First, Second>, Apart>{};
  } else {
    return Apart{};
  }
}

}  // namespace tg::cuda
