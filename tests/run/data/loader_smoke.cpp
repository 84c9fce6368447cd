// The loader: each sample once an epoch, in an order of seed and epoch alone.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <new>
#include <numeric>
#include <vector>

#include "tests/catch.hpp"
#include "tests/run/data/scratch.hpp"
#include "typegrad/data/loader.hpp"

using tg::Samples;
using tg::Shape;
using tg::data::Loader;
using tg::data::LoaderOptions;
using tg::test::contains;

// Out of line, or g++ sees a mismatch of new and free.
static std::atomic<long> allocations{0};
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size ? size : 1)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size ? size : 1);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

// Sample i is {i, -i}, its target 3 i.
struct Numbers {
  explicit Numbers(int count) {
    for (int i = 0; i < count; ++i) {
      inputs.push_back(float(i));
      inputs.push_back(float(-i));
      targets.push_back(3 * i);
    }
  }
  Samples<const float> x() const { return {inputs.data(), std::int64_t(targets.size()), Shape{2}}; }
  Samples<const std::int32_t> y() const {
    return {targets.data(), std::int64_t(targets.size()), Shape{}};
  }
  std::vector<float> inputs;
  std::vector<std::int32_t> targets;
};

// The samples of one epoch in their order; checks that every batch is what it says.
template <class T, class Target>
std::vector<int> epoch_of(Loader<T, Target>& loader, std::int64_t epoch, int batch) {
  std::vector<int> order;
  std::int64_t index = 0;
  for (const auto& b : loader) {
    CHECK(b.epoch == epoch);
    CHECK(b.index == index++);
    CHECK(b.inputs.shape() == Shape{2});
    CHECK(b.targets.shape() == Shape{});
    CHECK(b.inputs.count() == b.targets.count());
    CHECK(b.inputs.count() ==
          (index < loader.batches() ? batch : loader.samples() - batch * (index - 1)));
    for (std::int64_t i = 0; i < b.inputs.count(); ++i) {
      const int sample = int(b.inputs[i][0]);
      CHECK(b.inputs[i][1] == T(-sample));
      CHECK(b.targets[i][0] == Target(3 * sample));
      order.push_back(sample);
    }
  }
  CHECK(index == loader.batches());
  return order;
}

std::vector<int> ordered(int count) {
  std::vector<int> order(std::size_t(count), 0);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

}  // namespace

TEST_CASE("an epoch has every sample once, with its target, in an order of its own") {
  for (int count : {1, 63, 64, 65, 200}) {
    for (int batch : {1, 7, 64, 300}) {
      const Numbers numbers(count);
      Loader loader(numbers.x(), numbers.y(), {.batch = batch});
      std::vector<std::vector<int>> orders;
      for (int epoch = 0; epoch < 3; ++epoch) {
        orders.push_back(epoch_of(loader, epoch, batch));
        auto sorted = orders.back();
        std::sort(sorted.begin(), sorted.end());
        CHECK(sorted == ordered(count));
      }
      if (count > 10) {
        CHECK(orders[0] != ordered(count));
        CHECK(orders[0] != orders[1]);
        CHECK(orders[1] != orders[2]);
      }
    }
  }
}

TEST_CASE("the order depends on seed and epoch alone") {
  const Numbers numbers(100);
  Loader a(numbers.x(), numbers.y(), {.batch = 8, .seed = 5});
  Loader b(numbers.x(), numbers.y(), {.batch = 30, .seed = 5});
  Loader c(numbers.x(), numbers.y(), {.batch = 8, .seed = 6});
  const auto first = epoch_of(a, 0, 8), second = epoch_of(a, 1, 8);
  CHECK(epoch_of(b, 0, 30) == first);
  CHECK(epoch_of(b, 1, 30) == second);
  CHECK(epoch_of(c, 0, 8) != first);
  b.start(0);
  CHECK(epoch_of(b, 0, 30) == first);
  c.start(7);
  a.start(7);
  CHECK(epoch_of(c, 7, 8) != epoch_of(a, 7, 8));
}

TEST_CASE("an epoch may be left early, continued or begun anew") {
  const Numbers numbers(100);
  Loader loader(numbers.x(), numbers.y(), {.batch = 10});
  const auto whole = epoch_of(loader, 0, 10);
  for (int repetition = 0; repetition < 50; ++repetition) {
    loader.start(0);
    int seen = 0;
    for (const auto& batch : loader) {
      CHECK(int(batch.inputs[0][0]) == whole[std::size_t(10 * seen)]);
      if (++seen > repetition % 5) break;
    }
    tg::data::Batch<> next;
    REQUIRE(loader.next(next));
    CHECK(next.index == seen);
    CHECK(int(next.inputs[0][0]) == whole[std::size_t(10 * seen)]);
  }
}

TEST_CASE("without shuffling batches are views") {
  const Numbers numbers(10);
  Loader loader(numbers.x(), numbers.y(), {.batch = 4, .shuffle = false});
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (const auto& batch : loader) {
      CHECK(batch.inputs.data() == numbers.inputs.data() + 8 * batch.index);
      CHECK(batch.targets.data() == numbers.targets.data() + 4 * batch.index);
    }
  }
  loader.start(5);
  CHECK(epoch_of(loader, 5, 4) == ordered(10));
}

TEST_CASE("numbers are converted on the way") {
  const Numbers numbers(20);
  Loader<double, float> shuffled(numbers.x(), numbers.y(), {.batch = 6});
  CHECK(epoch_of(shuffled, 0, 6) != ordered(20));
  Loader<double, std::int32_t> straight(numbers.x(), numbers.y(), {.batch = 6, .shuffle = false});
  CHECK(epoch_of(straight, 0, 6) == ordered(20));
}

TEST_CASE("a split is loaded as it is") {
  const tg::data::Split split({1, 2, 3, 4}, {0, 1}, {1, 1, 2}, 2);
  Loader loader(split, {.batch = 2, .shuffle = false});
  tg::data::Batch<> batch;
  REQUIRE(loader.next(batch));
  CHECK(batch.inputs.shape() == Shape{1, 1, 2});
  CHECK(batch.inputs.data() == split.images().data());
  CHECK(batch.targets[1][0] == 1);
}

TEST_CASE("nothing is allocated after construction") {
  const Numbers numbers(1000);
  Loader loader(numbers.x(), numbers.y(), {.batch = 64});
  tg::data::Batch<> batch;
  const long before = allocations;
  float sum = 0;
  for (int epoch = 0; epoch < 5; ++epoch)
    while (loader.next(batch)) sum += batch.inputs[0][0];
  loader.start(0);
  while (loader.next(batch)) sum += batch.inputs[0][0];
  CHECK(allocations == before);
  CHECK(sum > 0);
}

TEST_CASE("batches that threads share are what one assembles") {
  constexpr int count = 301, width = 700;  // a batch of 64 is 179200 bytes, one of 20 too few
  std::vector<float> inputs(std::size_t(count) * width);
  std::iota(inputs.begin(), inputs.end(), 0.0f);
  std::vector<std::int32_t> targets(count);
  std::iota(targets.begin(), targets.end(), 0);
  const Samples<const float> x{inputs.data(), count, Shape{width}};
  const Samples<const std::int32_t> y{targets.data(), count, Shape{}};
  const int before = tg::threads();
  for (int threads : {1, 2, 3, 5}) {
    tg::set_threads(threads);
    for (int batch : {20, 64, 300}) {
      Loader loader(x, y, {.batch = batch});
      std::vector<int> seen(count, 0);
      for (int epoch = 0; epoch < 2; ++epoch)
        for (const auto& b : loader)
          for (std::int64_t i = 0; i < b.inputs.count(); ++i) {
            const int sample = b.targets[i][0];
            ++seen[std::size_t(sample)];
            CHECK(std::equal(b.inputs[i], b.inputs[i] + width, x[sample]));
          }
      CHECK(std::count(seen.begin(), seen.end(), 2) == count);
    }
  }
  tg::set_threads(before);
}

TEST_CASE("what cannot be loaded is an error") {
  const auto fault = [](int samples, int targets, const LoaderOptions& options) {
    const Numbers x(samples), y(targets);
    return tg::test::words_of<tg::Error>([&] { Loader(x.x(), y.y(), options); });
  };
  CHECK(fault(3, 2, {}) ==
        "tg::data::Loader: found 3 samples and 2 targets, expected as many of both");
  CHECK_THAT(fault(0, 0, {}), contains("found 0 samples, expected at least one"));
  CHECK_THAT(fault(3, 3, {.batch = 0}), contains("found a batch of 0, expected at least 1"));
}
