// The loops of fit and evaluate on a device: samples lie there, and so does all that steps change.
// SPDX-License-Identifier: MIT
#pragma once
#include <numeric>
#include <optional>
#include <span>

#include "typegrad/data/shuffle.hpp"
#include "typegrad/runtime/memory.hpp"
#include "typegrad/training/fit.hpp"

namespace tg::fitting {

// A step's programs as one: what a Memory that is not the host's has as its Steps, for the types
// that its backend has for both. Where the host says between them whether the step teaches, they
// are two.
struct Apart {
  template <class... Parts>
  constexpr explicit Apart(const Parts&...) {}
};
template <class Memory, class T, bool together, class Stepper, class Updater>
struct StepsOf {
  using type = Apart;
};
template <class Memory, class T, class Stepper, class Updater>
struct StepsOf<Memory, T, true, Stepper, Updater> {
  using type =
      typename Memory::template Steps<T, typename Stepper::Plan::L, typename Updater::Plan::L>;
};

// Samples and targets that are on the device already, if they are.
template <class Learner>
struct OnDevice {
  template <class T>
  using Array = typename Learner::Memory::template Array<T>;

  const Array<typename Learner::Number>* inputs = nullptr;
  const Array<typename Learner::Answer>* targets = nullptr;

  explicit operator bool() const { return inputs != nullptr; }
};
// Where a solver's program reads its learning rate, -1 where it does not.
template <class Solver, class Updater>
int rate_slot(const Updater& updater) {
  if constexpr (requires(Solver & s) {
                  { &s.learning_rate } -> std::same_as<double*>;
                })
    return updater.slot_of(&ir::MemberReader<&Solver::learning_rate>::read);
  return -1;
}

template <class Learner, class Images, class Targets>
OnDevice<Learner> on_device(const Images& images, const Targets& targets) {
  if constexpr (requires { OnDevice<Learner>{&images.array(), &targets.array()}; })
    return {&images.array(), &targets.array()};
  return {};
}

// A dataset on the device, its order, and memory for the samples of a step.
template <class Learner>
class Resident {
  using Memory = typename Learner::Memory;
  using Input = typename Learner::Number;
  using Target = typename Learner::Answer;
  template <class T>
  using Array = typename Memory::template Array<T>;
  using Steps = typename Learner::Steps;
  using Data = typename Steps::template Data<Input, Target>;

 public:
  // Pre: the examples fit the learner, and the device has room for them.
  Resident(const Learner& learner, const Examples& from, const OnDevice<Learner>& there,
           int the_step)
      : all(from.inputs.size / learner.input_width),
        step(the_step),
        inputs(there ? 0 : std::size_t(from.inputs.size)),
        batch_inputs(std::size_t(step * learner.input_width)),
        targets(there ? 0 : std::size_t(from.targets.size)),
        batch_targets(std::size_t(step * learner.target_width)),
        order(std::size_t(all)),
        rates(std::size_t(steps())),
        data{there ? there.inputs : &inputs,
             &batch_inputs,
             there ? there.targets : &targets,
             &batch_targets,
             &order,
             int(learner.input_width),
             int(learner.target_width)} {
    keep_order();
    if (there) return;
    inputs.fill(static_cast<const Input*>(from.inputs.data), inputs.size());
    targets.fill(static_cast<const Target*>(from.targets.data), targets.size());
  }
  Resident(const Resident&) = delete;

  const Array<Input>& inputs_of_step() const { return batch_inputs; }
  const Array<Target>& targets_of_step() const { return batch_targets; }
  std::int64_t samples() const { return all; }
  std::int64_t steps() const { return (all + step - 1) / step; }
  std::int64_t samples_from(std::int64_t first) const {
    return std::min<std::int64_t>(step, all - first);
  }

  // The order of the CPU's loader (data/loader.hpp).
  void order_epoch(std::uint64_t seed, std::int64_t epoch) {
    data::order_epoch(order.write(0, order.size()), order.size(), seed, epoch);
  }

  // The rate of each step, which the solver's program reads in that slot.
  void schedule_epoch(const std::vector<double>& each, int slot) {
    if (each.empty() || slot < 0) return;
    std::transform(each.begin(), each.end(), rates.write(0, rates.size()),
                   [](double rate) { return typename Learner::Element(rate); });
    data.schedule = {&rates, slot};
  }

  // launch(data, samples) for the samples of each step, while it returns true; see(measured,
  // samples) for each, when reads_now() says so and at the end. Nobody waits in between.
  template <class Launch, class ReadsNow, class See>
  void run(Steps& steps, const Launch& launch, const ReadsNow& reads_now, const See& see) {
    steps.begin(data);
    std::int64_t seen = 0;
    const auto read = [&] {
      const auto log = steps.read_log();
      for (std::size_t i = 0; i < log.size(); i += 2, seen += step)
        see(Measured{double(log[i]), double(log[i + 1])}, samples_from(seen));
    };
    for (std::int64_t first = 0; first < all; first += step) {
      if (!launch(data, samples_from(first))) break;
      if (steps.is_full() || reads_now()) read();
    }
    if (steps.unread() > 0) read();
  }

 private:
  void keep_order() {
    std::uint32_t* const numbers = order.write(0, order.size());
    std::iota(numbers, numbers + order.size(), 0u);
  }

  std::int64_t all;
  int step;
  Array<Input> inputs, batch_inputs;
  Array<Target> targets, batch_targets;
  Array<std::uint32_t> order;
  Array<typename Learner::Element> rates;
  Data data;
};

// Whether examples can be learned from on the device: of the learner's types, and there is room.
template <class Learner>
bool can_reside(const Learner& learner, const Examples& from, int step) {
  using Number = typename Learner::Number;
  using Answer = typename Learner::Answer;
  constexpr DType own = !std::is_floating_point_v<Number> ? i32 : sizeof(Number) == 8 ? f64 : f32;
  const std::int64_t width = learner.input_width, target_width = learner.target_width;
  const std::int64_t bytes =
      (from.inputs.size + step * width) * std::int64_t(sizeof(Number)) +
      (from.targets.size + step * target_width) * std::int64_t(sizeof(Answer)) +
      from.inputs.size / width * std::int64_t(sizeof(std::uint32_t));
  return from.inputs.dtype == own && Learner::Memory::has_room(std::size_t(bytes));
}

template <class Learner>
[[gnu::cold]] Measured evaluate_resident(Learner& learner, Resident<Learner>& resident) {
  Mean mean;
  learner.bind_evaluator(resident.inputs_of_step(), resident.targets_of_step());
  resident.run(
      learner.steps(),
      [&](auto& data, std::int64_t samples) {
        learner.evaluate_next(data, samples);
        return true;
      },
      [] { return false; },
      [&](const Measured& measured, std::int64_t samples) { mean.add(measured, samples); });
  return mean.value();
}

// Steps follow each other without the host: it reads what they measured when that is to be shown,
// and at the end of the epoch. Results are those of fit, bit by bit; after a step that went wrong
// the others teach nothing.
template <class Learner>
[[gnu::cold]] History fit_resident(Learner& learner, const Examples& examples,
                                   const FitOptions& options, const OnDevice<Learner>& there) {
  const int step = samples_of_step(learner, options);
  check_minimum(learner, std::min<std::int64_t>(step, check_examples(learner, examples, "fit")));
  Resident<Learner> resident(learner, examples, there, step);
  std::optional<Resident<Learner>> validation;
  if (options.validation) {
    check_examples(learner, options.validation, "fit's validation");
    validation.emplace(learner, options.validation, OnDevice<Learner>{}, learner.capacity);
  }
  learner.bind(resident.inputs_of_step(), resident.targets_of_step());
  learner.steps().permit();
  std::int64_t epoch = learner.epochs_before;
  const auto learn = [&](Run& run) {
    if (options.shuffle) resident.order_epoch(options.seed, epoch++);
    const std::vector<double> rates = run.rates_of(resident.steps());
    resident.schedule_epoch(rates, learner.rate_slot());
    const std::int64_t first = learner.steps_done();
    std::int64_t last = first;
    const auto launch = [&](auto& data, std::int64_t samples) {
      if (run.interrupted() || samples < learner.minimum_samples) return false;
      if (!rates.empty()) run.set_rate(rates[std::size_t(learner.steps_done() - first)]);
      learner.run_next(data, samples);
      return true;
    };
    const auto see = [&](const Measured& measured, std::int64_t samples) {
      ++last;
      if (!std::isfinite(measured.loss)) learner.set_steps(last);
      run.end_step(measured, samples, resident.samples(), "");
    };
    resident.run(
        learner.steps(), launch, [&] { return run.shows_now(); }, see);
  };
  return fit_epochs(learner, options, learn,
                    [&] { return evaluate_resident(learner, *validation); });
}

// Where the learner's memory is. Debugging wants each step on the host.
template <class Learner>
[[gnu::cold]] History fit_where(Learner& learner, const Examples& examples,
                                const FitOptions& options, const OnDevice<Learner>& there) {
  if constexpr (Learner::is_together) {
    const int step = samples_of_step(learner, options);
    const bool trains = there || can_reside(learner, examples, step);
    const bool validates =
        !options.validation || can_reside(learner, options.validation, learner.capacity);
    if (!options.debug && trains && validates)
      return fit_resident(learner, examples, options, there);
  }
  return fit(learner, examples, options);
}
template <class Learner>
[[gnu::cold]] Measured evaluate_where(Learner& learner, const Examples& examples,
                                      const OnDevice<Learner>& there) {
  if constexpr (Learner::is_together)
    if (there || can_reside(learner, examples, learner.capacity)) {
      check_examples(learner, examples, "evaluate");
      Resident<Learner> resident(learner, examples, there, learner.capacity);
      return evaluate_resident(learner, resident);
    }
  return evaluate(learner, examples);
}

}  // namespace tg::fitting
