// What a run of training steps does on a device beside its programs: takes samples, judges losses.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"

namespace tg::cuda {

// Samples and targets of a step from a dataset that lies on the device:
//   to[i] = from[order[position + i]] for i < count
// Rows of so many numbers each.
struct TakeBatch {
  static constexpr int threads = 256;
  static constexpr int tiles(int count, int widths) { return tiles_of(count * widths, threads); }

  template <class View>
  struct Rows {
    View from, to;
    int width;
  };

  template <class C, class Inputs, class Targets, class Order, class Position>
  TYPEGRAD_DEVICE static void run(const C& c, const Rows<Inputs>& inputs,
                                  const Rows<Targets>& targets, const Order& order,
                                  const Position& position, int count) {
    const std::int64_t first = position[0];
    take(c, inputs, order, first, count);
    take(c, targets, order, first, count);
  }

 private:
  template <class C, class View, class Order>
  TYPEGRAD_DEVICE static void take(const C& c, const Rows<View>& rows, const Order& order,
                                   std::int64_t first, int count) {
    for_each_number(c, count, rows.width, [&](int sample, int element) {
      const std::int64_t row = std::int64_t(order[first + sample]);
      rows.to[sample * rows.width + element] = rows.from[row * rows.width + element];
    });
  }
};

// What becomes of a loss that is not finite: its step teaches nothing, nor does any later one of
// the run, or nothing was to be learned anyway.
enum class Verdict : std::uint8_t { ends_step, ends_run, none };

// Whether a step teaches: this one, by its loss; and any of the run, until one went wrong.
struct Permission {
  static constexpr int this_step = 0, goes_on = 1, count = 2;
};

// Notes loss and metric of a step, and says whether it teaches, and by which rate, where a schedule
// has one for each step of an epoch. Then it counts: samples taken, steps in the log, the number of
// the call.
struct Judge {
  static constexpr int threads = 32;
  static constexpr int tiles() { return 1; }
  static constexpr int counters = 2;  // samples taken, steps noted

  template <class C, class T, template <class> class View, class Counters, class Call>
  TYPEGRAD_DEVICE static void run(const C& c, const View<T>& measured, const View<T>& teaches,
                                  const View<T>& log, int log_length, const View<T>& rates,
                                  const View<T>& rate, bool scheduled, const Counters& counter,
                                  const Call& call, int samples, Verdict verdict) {
    if (c.block() != 0 || c.thread() != 0) return;
    const T loss = measured[0], metric = measured[1];
    if (verdict != Verdict::none) {
      const bool is_finite = loss - loss == 0;
      const T so_far = verdict == Verdict::ends_run ? T(teaches[Permission::goes_on]) : T(1);
      const T now = is_finite ? so_far : T(0);
      teaches[Permission::this_step] = now;
      if (verdict == Verdict::ends_run) teaches[Permission::goes_on] = now;
    }
    const std::int64_t taken = counter[0], noted = counter[1];
    const std::int64_t at = noted % log_length;
    log[2 * at] = loss;
    log[2 * at + 1] = metric;
    if (scheduled) rate[0] = T(rates[noted]);
    counter[0] = taken + samples;
    counter[1] = noted + 1;
    const std::uint64_t number = call[1];
    call[1] = number + 1;
  }
};

}  // namespace tg::cuda
