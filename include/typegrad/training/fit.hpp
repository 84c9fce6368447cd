// The loop over epochs and batches, for any trainer of an element type.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "typegrad/data/loader.hpp"
#include "typegrad/networks/integers.hpp"
#include "typegrad/training/fit_options.hpp"
#include "typegrad/training/interrupt.hpp"
#include "typegrad/training/progress.hpp"

namespace tg::fitting {

// What the loop asks of a trainer: all trainers of an element type share one loop.
template <class T, class Target>
class Learner {
 public:
  std::int64_t input_width = 1, target_width = 1;
  int capacity = 1;  // samples of a step
  int minimum_samples = 1;
  int vocabulary = 0;     // integers of samples are less
  int classes = 0;        // labels are less; 0 when targets are no labels
  bool accuracy = false;  // is measured
  std::int64_t epochs_before = 0;

  // One step, which changes nothing when its loss is not finite, or, in debug mode, a gradient:
  // then `origin` says where that came from.
  virtual Measured learn(const data::Batch<T, Target>& batch, const Debug& debug,
                         std::string& origin) = 0;
  virtual Measured evaluate(const data::Batch<T, Target>& batch) = 0;
  // The solver's learning rate, null when it has none.
  virtual double* rate() = 0;

 protected:
  ~Learner() = default;
};

// Samples and targets of the types From and Target, as T and Target; targets that are numbers are
// of the samples' type, unless those are integers.
template <class From, class T, class Target>
std::unique_ptr<data::Loader<T, Target>> load(const Learner<T, Target>& learner,
                                              const Examples& from,
                                              const data::LoaderOptions& options) {
  using Label =
      std::conditional_t<std::is_same_v<Target, std::int32_t> || std::is_same_v<From, std::int32_t>,
                         Target, From>;
  return std::make_unique<data::Loader<T, Target>>(
      from.inputs.template samples<From>(learner.input_width),
      from.targets.template samples<Label>(learner.target_width), options);
}

// How many examples there are. Throws Error when they do not fit the learner.
template <class T, class Target>
[[gnu::cold]] std::int64_t check_examples(const Learner<T, Target>& learner, const Examples& from,
                                          const char* what) {
  constexpr bool labels = std::is_same_v<Target, std::int32_t>;
  constexpr DType numbers = std::is_same_v<Target, double> ? f64 : f32;
  check(from, learner.input_width, learner.target_width, labels ? learner.classes : 0,
        labels                        ? i32
        : std::is_floating_point_v<T> ? from.inputs.dtype
                                      : numbers,
        what);
  const std::int64_t count = from.inputs.size / learner.input_width;
  if (std::is_same_v<T, std::int32_t> && from.inputs.dtype == i32)
    networks::check_integers(static_cast<const std::int32_t*>(from.inputs.data), count,
                             learner.input_width, learner.vocabulary, what);
  return count;
}

// A loader of examples in T or float, or in std::int32_t alone where T is that. Throws Error when
// they do not fit the learner.
template <class T, class Target>
[[gnu::cold]] std::unique_ptr<data::Loader<T, Target>> open(const Learner<T, Target>& learner,
                                                            const Examples& from,
                                                            const data::LoaderOptions& options,
                                                            const char* what) {
  check_examples(learner, from, what);
  if constexpr (std::is_same_v<T, std::int32_t>)
    if (from.inputs.dtype == i32) return load<std::int32_t>(learner, from, options);
  if constexpr (std::is_floating_point_v<T>)
    if (from.inputs.dtype == f32) return load<float>(learner, from, options);
  if constexpr (std::is_same_v<T, double>)
    if (from.inputs.dtype == f64) return load<double>(learner, from, options);
  data::fail(what, "found samples of type %s, expected %s", name_of(from.inputs.dtype).data(),
             std::is_same_v<T, std::int32_t> ? "i32"
             : sizeof(T) == 8                ? "f64 or f32"
                                             : "f32");
}

// Means over samples, batch by batch.
class Mean {
 public:
  void add(const Measured& part, std::int64_t samples) {
    sum.loss += part.loss * double(samples);
    sum.accuracy += part.accuracy * double(samples);
    count += samples;
  }
  std::int64_t samples() const { return count; }
  Measured value() const {
    const double n = double(std::max<std::int64_t>(count, 1));
    return {sum.loss / n, sum.accuracy / n};
  }

 private:
  Measured sum;
  std::int64_t count = 0;
};

// One call of fit: everything but the samples.
class Run {
 public:
  [[gnu::cold]] Run(const FitOptions& the_options, bool with_accuracy, double* solver_rate)
      : options(the_options),
        accuracy(with_accuracy),
        line(options.progress, stdout, accuracy),
        rate(solver_rate) {
    if (options.epochs < 0)
      data::fail("fit", "found %d epochs, expected at least 0", options.epochs);
    if (options.learning_rate && rate == nullptr)
      data::fail(
          "fit",
          "found a learning rate for a solver without the member learning_rate, expected none");
    if (rate != nullptr) own_rate = *rate;
    const std::size_t epochs = std::size_t(std::min(options.epochs, 10000));
    for (std::vector<double>* column :
         {&history.loss, &history.accuracy, &history.validation_loss, &history.validation_accuracy,
          &history.seconds, &history.samples_per_second})
      column->reserve(epochs);
  }
  [[gnu::cold]] ~Run() {
    if (rate != nullptr) *rate = own_rate;
  }
  Run(const Run&) = delete;

  bool interrupted() const { return interrupt.requested(); }
  bool ended() const { return history.ended != Ended::finished; }

  [[gnu::cold]] void begin_epoch(int epoch) {
    report = {.epoch = epoch, .epochs = options.epochs};
    mean = {};
    started = seconds_now();
  }
  void begin_step() {
    if (options.learning_rate) set_rate(options.learning_rate(history.steps));
  }
  // The same for all steps of an epoch at once: their rates, none without a schedule.
  std::vector<double> rates_of(std::int64_t steps) const {
    std::vector<double> rates(options.learning_rate ? std::size_t(steps) : 0);
    for (std::size_t i = 0; i < rates.size(); ++i)
      rates[i] = options.learning_rate(history.steps + std::int64_t(i));
    return rates;
  }
  void set_rate(double now) { *rate = now; }
  bool shows_now() const { return line.is_due(); }
  // Throws Error when the step went wrong.
  [[gnu::cold]] void end_step(const Measured& step, std::int64_t samples, std::int64_t of,
                              const std::string& origin) {
    ++history.steps;
    if (!std::isfinite(step.loss) || !origin.empty()) fail_step(step.loss, origin);
    mean.add(step, samples);
    const double share = double(mean.samples()) / double(of);
    line.step(report.epoch, report.epochs, share, (report.epoch - 1 + share) / report.epochs,
              mean.value(), double(mean.samples()) / (seconds_now() - started));
  }
  // False when the epoch was interrupted before its first step.
  [[gnu::cold]] bool end_learning() {
    if (mean.samples() == 0) {
      history.ended = Ended::by_interrupt;
      return false;
    }
    report.steps = history.steps;
    report.train = mean.value();
    report.seconds = seconds_now() - started;
    report.samples_per_second = double(mean.samples()) / report.seconds;
    report.validation = {std::numeric_limits<double>::quiet_NaN(),
                         std::numeric_limits<double>::quiet_NaN()};
    return true;
  }
  void validated(const Measured& measured) { report.validation = measured; }
  [[gnu::cold]] void end_epoch() {
    const bool validation = bool(options.validation), cut_short = interrupted();
    history.loss.push_back(report.train.loss);
    if (accuracy) history.accuracy.push_back(report.train.accuracy);
    if (validation) history.validation_loss.push_back(report.validation.loss);
    if (validation && accuracy) history.validation_accuracy.push_back(report.validation.accuracy);
    history.seconds.push_back(report.seconds);
    history.samples_per_second.push_back(report.samples_per_second);
    line.epoch(report, validation && !std::isnan(report.validation.loss));
    if (cut_short) {
      line.say("interrupted: returning what was reached; a second Ctrl-C would end the program");
      history.ended = Ended::by_interrupt;
    } else if (options.after_epoch && !options.after_epoch(report)) {
      history.ended = Ended::by_callback;
    }
  }
  History take() { return std::move(history); }

 private:
  [[noreturn, gnu::cold]] void fail_step(double loss, const std::string& origin) const {
    const char* const advice =
        options.debug ? origin.c_str()
                      : "a smaller learning rate may help, and .debug = true names the operation";
    const long long step = history.steps;
    if (std::isfinite(loss))
      data::fail("fit",
                 "the gradients of step %lld (epoch %d) are not finite; the parameters are those "
                 "from before that step; %s",
                 step, report.epoch, advice);
    data::fail("fit",
               "the loss of step %lld (epoch %d) is %s; the parameters are those from before that "
               "step; %s",
               step, report.epoch,
               std::isnan(loss) ? "nan"
               : loss > 0       ? "inf"
                                : "-inf",
               advice);
  }

  const FitOptions& options;
  bool accuracy;
  ProgressLine line;
  Interrupt interrupt;
  double* rate;
  double own_rate = 0;
  History history;
  EpochReport report;
  Mean mean;
  double started = 0;
};

template <class T, class Target>
[[gnu::cold]] Measured evaluate_all(Learner<T, Target>& learner, data::Loader<T, Target>& loader) {
  Mean mean;
  data::Batch<T, Target> batch;
  while (loader.next(batch)) mean.add(learner.evaluate(batch), batch.inputs.count());
  return mean.value();
}

// The samples of a step. Throws Error when they are too many.
template <class T, class Target>
[[gnu::cold]] int samples_of_step(const Learner<T, Target>& learner, const FitOptions& options) {
  if (options.batch < 0 || options.batch > learner.capacity)
    data::fail("fit", "found batches of %d samples, expected at most %d, the trainer's tg::batch",
               options.batch, learner.capacity);
  return options.batch == 0 ? learner.capacity : options.batch;
}
// Throws Error when they are too few.
template <class T, class Target>
[[gnu::cold]] void check_minimum(const Learner<T, Target>& learner, std::int64_t samples) {
  if (samples < learner.minimum_samples)
    data::fail(
        "fit",
        "found steps of %lld samples, expected at least %d: the network normalises over them",
        (long long)samples, learner.minimum_samples);
}

// Epoch by epoch: learn(run) goes over all samples, validate() over those of the validation.
template <class T, class Target, class Learn, class Validate>
[[gnu::cold]] History fit_epochs(Learner<T, Target>& learner, const FitOptions& options,
                                 const Learn& learn, const Validate& validate) {
  Run run(options, learner.accuracy, learner.rate());
  for (int epoch = 1; epoch <= options.epochs && !run.ended(); ++epoch) {
    run.begin_epoch(epoch);
    learn(run);
    if (!run.end_learning()) break;
    if (options.validation && !run.interrupted()) run.validated(validate());
    run.end_epoch();
  }
  return run.take();
}

template <class T, class Target>
[[gnu::cold]] History fit(Learner<T, Target>& learner, const Examples& examples,
                          const FitOptions& options) {
  const int samples = samples_of_step(learner, options);
  const auto loader =
      open(learner, examples, {.batch = samples, .shuffle = options.shuffle, .seed = options.seed},
           "fit");
  check_minimum(learner, std::min<std::int64_t>(samples, loader->samples()));
  const auto validation =
      options.validation ? open(learner, options.validation,
                                {.batch = learner.capacity, .shuffle = false}, "fit's validation")
                         : nullptr;
  loader->start(learner.epochs_before);
  data::Batch<T, Target> batch;
  std::string origin;
  const auto learn = [&](Run& run) {
    while (!run.interrupted() && loader->next(batch)) {
      if (batch.inputs.count() < learner.minimum_samples) continue;
      run.begin_step();
      const Measured step = learner.learn(batch, options.debug, origin);
      run.end_step(step, batch.inputs.count(), loader->samples(), origin);
    }
  };
  return fit_epochs(learner, options, learn, [&] { return evaluate_all(learner, *validation); });
}

template <class T, class Target>
[[gnu::cold]] Measured evaluate(Learner<T, Target>& learner, const Examples& examples) {
  return evaluate_all(
      learner, *open(learner, examples, {.batch = learner.capacity, .shuffle = false}, "evaluate"));
}

}  // namespace tg::fitting
