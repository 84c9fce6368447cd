// Batches of samples in a shuffled order, assembled by the threads that will read them.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/core/samples.hpp"
#include "typegrad/core/thread_pool.hpp"
#include "typegrad/data/dataset.hpp"
#include "typegrad/data/shuffle.hpp"
#include "typegrad/data/source.hpp"

namespace tg::data {

struct LoaderOptions {
  int batch = 64;  // samples; the last batch of an epoch has what is left
  bool shuffle = true;
  std::uint64_t seed = 1;
};

template <class T = float, class Target = std::int32_t>
struct Batch {
  Samples<const T> inputs;
  Samples<const Target> targets;
  std::int64_t epoch = 0;
  std::int64_t index = 0;  // within the epoch
};

// for (const auto& batch : loader) … is one epoch, and the next such loop the next epoch.
//
// The order depends on the seed and the epoch alone. The samples are not owned and must outlive the
// loader. Numbers become T and Target on the way. Without shuffling and conversion the batches are
// views of the samples themselves. Nothing is allocated after construction.
//
// A batch is copied where it is asked for, by the pool's threads: that takes them some ten
// microseconds. A thread of its own, which copies ahead, takes a core from a step that has all of
// them (docs/decisions.md).
template <class T = float, class Target = std::int32_t>
class Loader {
 public:
  using value_type = Batch<T, Target>;

  // Throws Error unless there is at least one sample, a target for each, and the options are
  // positive.
  template <class From, class Label>
  [[gnu::cold]] Loader(Samples<const From> inputs, Samples<const Label> targets,
                       const LoaderOptions& options = {})
      : settings(checked(inputs.count(), targets.count(), options)),
        count(inputs.count()),
        input(inputs),
        target(targets) {
    if (!settings.shuffle && input.direct() && target.direct()) return;
    pool = &default_pool();
    order = HeapArray<std::uint32_t>(std::size_t(count));
    const std::int64_t batch = std::min<std::int64_t>(settings.batch, count);
    inputs_of_batch = HeapArray<T>(std::size_t(batch * input.width()));
    targets_of_batch = HeapArray<Target>(std::size_t(batch * target.width()));
    if (!settings.shuffle) std::iota(order.begin(), order.end(), 0u);
  }
  explicit Loader(const Split& split, const LoaderOptions& options = {})
      : Loader(split.images(), split.labels(), options) {}
  Loader(const Split&&, const LoaderOptions& = {}) = delete;  // it would not outlive the loader
  Loader(Loader&&) = delete;

  std::int64_t samples() const { return count; }
  std::int64_t batches() const { return (count + settings.batch - 1) / settings.batch; }

  // The next batch of the epoch, or false at its end; the call after that begins the next epoch.
  // A batch stays valid until the next call of next or start. (Cold: what takes time is the copy.)
  [[gnu::cold]] bool next(Batch<T, Target>& batch) {
    if (now.index == batches()) {
      now = {now.epoch + 1, 0};
      return false;
    }
    batch.epoch = now.epoch;
    batch.index = now.index;
    const std::int64_t first = now.index * settings.batch;
    const std::int64_t length = std::min<std::int64_t>(settings.batch, count - first);
    ++now.index;
    if (order.empty()) {
      batch.inputs = input.view(first, length);
      batch.targets = target.view(first, length);
      return true;
    }
    if (settings.shuffle && ordered != batch.epoch)
      order_epoch(order.data(), order.size(), settings.seed, ordered = batch.epoch);
    assemble(first, length);
    batch.inputs = {inputs_of_batch.data(), length, input.shape()};
    batch.targets = {targets_of_batch.data(), length, target.shape()};
    return true;
  }

  // Goes to the beginning of an epoch: after a loop that was left early, or to continue a run.
  void start(std::int64_t epoch) { now = {epoch, 0}; }

  struct Sentinel {};
  class Iterator {
   public:
    explicit Iterator(Loader& loader) : loader(&loader), more(loader.next(batch)) {}
    const Batch<T, Target>& operator*() const { return batch; }
    const Batch<T, Target>* operator->() const { return &batch; }
    Iterator& operator++() {
      more = loader->next(batch);
      return *this;
    }
    bool operator==(Sentinel) const { return !more; }

   private:
    Loader* loader;
    Batch<T, Target> batch;
    bool more;
  };
  // The rest of the current epoch, all of it after a finished one.
  Iterator begin() { return Iterator(*this); }
  Sentinel end() const { return {}; }

 private:
  struct Place {
    std::int64_t epoch = 0, index = 0;
  };

  [[gnu::cold]] static const LoaderOptions& checked(std::int64_t samples, std::int64_t targets,
                                                    const LoaderOptions& options) {
    const char* const where = "tg::data::Loader";
    if (samples != targets)
      fail(where, "found %lld samples and %lld targets, expected as many of both",
           static_cast<long long>(samples), static_cast<long long>(targets));
    if (samples < 1 || samples > 0xFFFFFFFFll)
      fail(where, "found %lld samples, expected at least one and less than 2^32",
           static_cast<long long>(samples));
    if (options.batch < 1) fail(where, "found a batch of %d, expected at least 1", options.batch);
    return options;
  }

  static constexpr std::int64_t samples_of_task = 32;
  static constexpr std::int64_t bytes_to_share = 1 << 16;  // of a batch; less is not worth the call

  [[gnu::cold]] void assemble(std::int64_t first, std::int64_t length) {
    const auto copy = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < std::min(end, length); ++i) {
        const std::uint32_t sample = order[std::size_t(first + i)];
        input.read(sample, inputs_of_batch.data() + i * input.width());
        target.read(sample, targets_of_batch.data() + i * target.width());
      }
    };
    if (length * input.width() * std::int64_t(sizeof(T)) < bytes_to_share) return copy(0, length);
    pool->run(int((length + samples_of_task - 1) / samples_of_task),
              [&](int task) { copy(task * samples_of_task, (task + 1) * samples_of_task); });
  }

  LoaderOptions settings;
  std::int64_t count;
  Source<T> input;
  Source<Target> target;
  ThreadPool* pool = nullptr;      // there is one unless batches are views
  HeapArray<std::uint32_t> order;  // empty: batches are views
  HeapArray<T> inputs_of_batch;
  HeapArray<Target> targets_of_batch;
  Place now;                  // what next() gives next
  std::int64_t ordered = -1;  // the epoch that `order` is for
};

Loader(const Split&)->Loader<float, std::int32_t>;
Loader(const Split&, const LoaderOptions&)->Loader<float, std::int32_t>;
template <class From, class Label>
Loader(Samples<const From>, Samples<const Label>, const LoaderOptions& = {}) -> Loader<From, Label>;

}  // namespace tg::data
