// Batches of samples in a shuffled order, the next ones assembled while the current one is used.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

#include "typegrad/core/heap_array.hpp"
#include "typegrad/core/samples.hpp"
#include "typegrad/data/dataset.hpp"
#include "typegrad/data/shuffle.hpp"
#include "typegrad/data/source.hpp"

namespace tg::data {

struct LoaderOptions {
  int batch = 64;  // samples; the last batch of an epoch has what is left
  bool shuffle = true;
  std::uint64_t seed = 1;
  int buffers = 3;  // batches in memory: one in use, the others read ahead
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
// views of the samples themselves and no thread is started. Nothing is allocated after
// construction.
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
    order = HeapArray<std::uint32_t>(std::size_t(count));
    std::iota(order.begin(), order.end(), 0u);
    const std::int64_t batch = std::min<std::int64_t>(settings.batch, count);
    slots = HeapArray<Slot>(std::size_t(settings.buffers));
    for (Slot& slot : slots) {
      slot.inputs = HeapArray<T>(std::size_t(batch * input.width()));
      slot.targets = HeapArray<Target>(std::size_t(batch * target.width()));
    }
    reader = std::thread([this] { read_ahead(); });
  }
  explicit Loader(const Split& split, const LoaderOptions& options = {})
      : Loader(split.images(), split.labels(), options) {}
  Loader(const Split&&, const LoaderOptions& = {}) = delete;  // it would not outlive the loader
  Loader(Loader&&) = delete;

  [[gnu::cold]] ~Loader() {
    if (!reader.joinable()) return;
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    room.notify_one();
    reader.join();
  }

  std::int64_t samples() const { return count; }
  std::int64_t batches() const { return (count + settings.batch - 1) / settings.batch; }

  // The next batch of the epoch, or false at its end; the call after that begins the next epoch.
  // A batch stays valid until the next call of next or start.
  bool next(Batch<T, Target>& batch) {
    if (now.index == batches()) {
      now = {now.epoch + 1, 0};
      return false;
    }
    batch.epoch = now.epoch;
    batch.index = now.index;
    const std::int64_t first = now.index * settings.batch;
    const std::int64_t length = std::min<std::int64_t>(settings.batch, count - first);
    ++now.index;
    if (slots.empty()) {
      batch.inputs = input.view(first, length);
      batch.targets = target.view(first, length);
      return true;
    }
    std::unique_lock lock(mutex);
    release();
    ready.wait(lock, [&] { return made > taken; });
    in_use = true;
    Slot& slot = slots[std::size_t(taken % settings.buffers)];
    batch.inputs = {slot.inputs.data(), length, input.shape()};
    batch.targets = {slot.targets.data(), length, target.shape()};
    return true;
  }

  // Goes to the beginning of an epoch: after a loop that was left early, or to continue a run.
  [[gnu::cold]] void start(std::int64_t epoch) {
    now = {epoch, 0};
    if (slots.empty()) return;
    {
      const std::lock_guard lock(mutex);
      release();
      taken = made;
      ahead = now;
      ++generation;
    }
    room.notify_one();
  }

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
  struct Slot {
    HeapArray<T> inputs;
    HeapArray<Target> targets;
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
    if (options.buffers < 2) fail(where, "found %d buffers, expected at least 2", options.buffers);
    return options;
  }

  // Gives the slot in use back. Pre: mutex is held.
  void release() {
    if (!std::exchange(in_use, false)) return;
    ++taken;
    room.notify_one();
  }

  // The reader's life. It owns `order` and the slots from `made` on.
  [[gnu::cold]] void read_ahead() {
    std::int64_t ordered = -1;  // the epoch that `order` is for
    std::unique_lock lock(mutex);
    for (;;) {
      room.wait(lock, [&] { return stopping || made - taken < settings.buffers; });
      if (stopping) return;
      const Place place = ahead;
      const std::int64_t begun = generation;
      Slot& slot = slots[std::size_t(made % settings.buffers)];
      lock.unlock();
      if (settings.shuffle && ordered != place.epoch)
        order_epoch(order.data(), order.size(), settings.seed, ordered = place.epoch);
      fill(slot, place.index);
      lock.lock();
      if (generation != begun) continue;  // start() came in between: this slot is filled anew
      ahead = place.index + 1 == batches() ? Place{place.epoch + 1, 0}
                                           : Place{place.epoch, place.index + 1};
      ++made;
      ready.notify_one();
    }
  }

  void fill(Slot& slot, std::int64_t index) const {
    const std::int64_t first = index * settings.batch;
    const std::int64_t length = std::min<std::int64_t>(settings.batch, count - first);
    for (std::int64_t i = 0; i < length; ++i) {
      const std::uint32_t sample = order[std::size_t(first + i)];
      input.read(sample, slot.inputs.data() + i * input.width());
      target.read(sample, slot.targets.data() + i * target.width());
    }
  }

  LoaderOptions settings;
  std::int64_t count;
  Source<T> input;
  Source<Target> target;
  HeapArray<std::uint32_t> order;
  HeapArray<Slot> slots;  // empty: batches are views
  Place now;              // what next() gives next

  std::mutex mutex;  // guards what follows
  std::condition_variable room, ready;
  std::int64_t made = 0, taken = 0;  // batches assembled and given back, ever; slots go round
  std::int64_t generation = 0;       // how often start() was called
  Place ahead;                       // what the reader assembles next
  bool in_use = false, stopping = false;

  std::thread reader;
};

Loader(const Split&)->Loader<float, std::int32_t>;
Loader(const Split&, const LoaderOptions&)->Loader<float, std::int32_t>;
template <class From, class Label>
Loader(Samples<const From>, Samples<const Label>, const LoaderOptions& = {}) -> Loader<From, Label>;

}  // namespace tg::data
