// Steps of training on a device: each is one launch, and an epoch of them needs nobody.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "typegrad/backends/cuda/host.hpp"
#include "typegrad/backends/cuda/whole_step.hpp"

namespace tg::cuda {

// The programs of a trainer, so that a step is one launch: what differentiates, a judgement of the
// loss, what updates. What is not finite teaches nothing, and nobody waits for the host to say so.
// Way: Apart, or AsOne kernel.
template <class Device, class T, class Way>
class Steps {
  using Recording = typename Device::Recording;

 public:
  using Executor = HostExecutor<Device, T>;
  // Of a step whose programs launch so many: the judgement is one more.
  static constexpr int launches(int differentiate, int update) {
    return Way::is_one ? 1 : differentiate + 1 + update;
  }

  // `measured`: loss and metric that the first and the last program give. All of these outlive it.
  Steps(Executor& differentiate, Executor& update, Executor& evaluate,
        const Mirror<T, Device>& measured)
      : home(&cuda::home<Device>()),
        forward(&differentiate),
        updater(&update),
        evaluator(&evaluate),
        measures(&measured),
        teaches(Permission::count),
        log(home->device.template allocate<T>(2 * std::size_t(log_length), "the log")),
        counters(home->device.template allocate<std::int64_t>(Judge::counters, "counters")) {
    const std::lock_guard turn(home->turn);
    home->device.clear(counters.view(), Judge::counters);
    permit();
  }

  // Whether `update` may change anything, and `differentiate` what the network updates: what they
  // must read.
  Part<Device> permission() const { return teaches.part(Permission::this_step, 1); }
  Part<Device> run_goes_on() const { return teaches.part(Permission::goes_on, 1); }
  void permit() {
    std::fill_n(teaches.write(0, Permission::count), Permission::count, T(1));
    may_have_ended = false;
  }

  // A step on the memory that is bound. What a run before it came to does not matter.
  template <class Input, class Target>
  void run(std::int64_t samples, std::uint64_t seed, std::uint64_t call) {
    if (may_have_ended || unread() > 0) permit();
    step(alone, samples, seed, call, Verdict::ends_step, {}, Taking<Device, Input, Target>{});
  }

  // The solver's rate in each step of an epoch, and the slot in which its program reads it.
  struct Schedule {
    const Mirror<T, Device>* rates = nullptr;
    int slot = -1;

    explicit operator bool() const { return rates != nullptr; }
  };
  // Samples and targets of which steps take some in an order; those of a step go to memory that the
  // programs have bound.
  template <class Input, class Target>
  struct Data {
    const Mirror<Input, Device>*inputs, *batch_inputs;
    const Mirror<Target, Device>*targets, *batch_targets;
    const Mirror<std::uint32_t, Device>* order;
    int input_width, target_width;
    Schedule schedule{};
    Recording recording{};
  };
  // The next steps or evaluations take the first samples of the order.
  template <class Input, class Target>
  void begin(const Data<Input, Target>& data) {
    const std::lock_guard turn(home->turn);
    data.inputs->send(), data.targets->send(), data.order->send();
    if (data.schedule) data.schedule.rates->send();
    home->device.clear(counters.view(), Judge::counters);
    may_have_ended = may_have_ended || unread() > 0;
    noted = read = 0;
  }
  // A step with those that are next. After one that teaches nothing no other teaches, until
  // permit().
  template <class Input, class Target>
  void run_next(Data<Input, Target>& data, std::int64_t samples, std::uint64_t seed,
                std::uint64_t call) {
    step(data.recording, samples, seed, call, Verdict::ends_run, data.schedule,
         taking(data, samples));
    ++noted;
  }
  // Nothing is learned from them.
  template <class Input, class Target>
  void evaluate_next(Data<Input, Target>& data, std::int64_t samples) {
    const std::lock_guard turn(home->turn);
    evaluator->prepare(samples);
    key.clear();
    evaluator->add_to(key, samples);
    data.recording.replay(home->device, key, [&] {
      taking(data, samples).launch(home->device);
      evaluator->launch(samples);
      judging(*evaluator, samples, Verdict::none, {}).launch(home->device);
    });
    evaluator->finish(samples);
    evaluator->call_was_counted();
    ++noted;
  }

  // Of how many nobody has read what they measured, and whether there is room for one more.
  std::int64_t unread() const { return noted - read; }
  bool is_full() const { return unread() > 0 && noted % log_length == 0; }
  // What these measured, loss and metric of each. Valid until it is read again.
  std::span<const T> read_log() {
    const std::int64_t first = read % log_length, count = unread();
    seen.resize(2 * std::size_t(count));
    const std::lock_guard turn(home->turn);
    home->device.to_host(seen.data(), log.view().part(2 * first, 2 * count), seen.size());
    read = noted;
    for (const T number : seen) may_have_ended = may_have_ended || !std::isfinite(number);
    return seen;
  }

 private:
  static constexpr std::int64_t log_length = 4096;

  template <class Taken>
  void step(Recording& together, std::int64_t samples, std::uint64_t seed, std::uint64_t call,
            Verdict verdict, const Schedule& schedule, const Taken& take) {
    const std::lock_guard turn(home->turn);
    forward->prepare(samples, seed, call);
    if (schedule) updater->device_sets(schedule.slot);
    updater->prepare(1);
    key.clear();
    forward->add_to(key, samples);
    updater->add_to(key, 1);
    together.replay(home->device, key, [&] {
      const auto judge = judging(*forward, samples, verdict, schedule);
      if constexpr (Way::is_one) {
        Way::launch(take, forward->frame(samples), forward->rows(), judge, updater->frame(1),
                    updater->rows());
      } else {
        take.launch(home->device);
        forward->launch(samples);
        judge.launch(home->device);
        updater->launch(1);
      }
    });
    forward->finish(samples);
    forward->call_was_counted();
    updater->finish(1);
    teaches.changed_on_device();
  }
  template <class Input, class Target>
  Taking<Device, Input, Target> taking(const Data<Input, Target>& data, std::int64_t samples) {
    return {{data.inputs->view(), data.batch_inputs->view(), data.input_width},
            {data.targets->view(), data.batch_targets->view(), data.target_width},
            data.order->view(),
            counters.view(),
            int(samples)};
  }
  Judging<Device, T> judging(Executor& of, std::int64_t samples, Verdict verdict,
                             const Schedule& schedule) {
    Judging<Device, T> judging{.measured = measures->view(),
                               .teaches = teaches.view(),
                               .log = log.view(),
                               .log_length = int(log_length),
                               .scheduled = bool(schedule),
                               .counters = counters.view(),
                               .call = of.call_view(),
                               .samples = int(samples),
                               .verdict = verdict};
    if (schedule) {
      judging.rates = schedule.rates->view();
      judging.rate = updater->setting(schedule.slot);
    }
    return judging;
  }

  Home<Device>* home;
  Executor *forward, *updater, *evaluator;
  const Mirror<T, Device>* measures;
  Mirror<T, Device> teaches;
  typename Device::template Buffer<T> log;
  typename Device::template Buffer<std::int64_t> counters;
  Recording alone;
  std::vector<std::uint64_t> key;
  std::vector<T> seen;
  std::int64_t noted = 0, read = 0;
  bool may_have_ended = false;  // the run, since permit(); so may one that nobody has read
};

}  // namespace tg::cuda
