// Steps and epochs allocate nothing.
// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/run/training/points.hpp"

static std::atomic<long> allocations{0};

[[gnu::noinline]] static void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  size = (size + alignment - 1) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, size ? size : alignment)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size) {
  return allocate(size, alignof(std::max_align_t));
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, std::size_t(alignment));
}
// Catch's: under a sanitizer it would not meet its own operator delete.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

using namespace tg;
using namespace tg::test;

TEST_CASE("a step allocates nothing, the first one neither") {
  const auto train = points(64);
  Model<Sequence<Input<1, 8, 8>, Conv<4, 3>, Relu, MaxPool<2>, BatchNorm<>, Flatten, Dropout<0.5>,
                 Linear<2>>>
      model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  std::vector<float> x(32 * 64, 0.5f);
  std::vector<std::int32_t> y(32, 1);
  const Samples<const float> fewer{x.data(), 7, Shape{1, 8, 8}};
  const Samples<const std::int32_t> fewer_labels{y.data(), 7, Shape{}};
  const long before = allocations;
  for (int i = 0; i < 5; ++i) {
    trainer.step(x, y);
    trainer.step(fewer, fewer_labels);
    trainer.evaluate(x, y);
  }
  CHECK(allocations == before);
}

TEST_CASE("further epochs of fit allocate nothing") {
  const auto train = points(500), validation = points(100, 2);
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  long at_epoch[6] = {};
  trainer.fit(train, {.epochs = 6,
                      .validation = &validation,
                      .progress = Progress::none,
                      .after_epoch = [&](const EpochReport& report) {
                        at_epoch[report.epoch - 1] = allocations;
                        return true;
                      }});
  for (int epoch = 1; epoch < 6; ++epoch) CHECK(at_epoch[epoch] == at_epoch[0]);
  CHECK(at_epoch[0] > 0);
}
