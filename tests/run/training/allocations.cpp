// Steps and epochs allocate nothing; a model allocates what workspace_bytes says.
// SPDX-License-Identifier: MIT
#include <atomic>
#include <cstdlib>
#include <new>

#include "tests/run/training/points.hpp"

static std::atomic<long> allocations{0};
static std::atomic<long> vector_bytes{0};  // in memory for vectors: aligned as an AlignedBuffer

[[gnu::noinline]] static void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  if (alignment == 64) vector_bytes += long(size);
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

TEST_CASE("nor does one that is interpreted, and what a network computes may grow only") {
  const auto train = points(64);
  Model<Sequence<Input<1, 8, 8>, Conv<4, 3>, Relu, MaxPool<2>, BatchNorm<>, Flatten, Dropout<0.5>,
                 Linear<2>>,
        Cpu, fast_compile>
      model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  std::vector<float> x(32 * 64, 0.5f), out(64);
  std::vector<std::int32_t> y(32, 1);
  model(x, out);  // the first call knows how many samples there are
  const long before = allocations;
  for (int i = 0; i < 3; ++i) {
    trainer.step(x, y);
    trainer.evaluate(x, y);
    model(x, out);
  }
  CHECK(allocations == before);
}

TEST_CASE("neither does a step of a recurrent network") {
  Model<Sequence<Input<6, 4>, Lstm<8, bidirectional>, Gru<5, last_state>, Linear<2>>> model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  const std::vector<float> x(32 * 6 * 4, 0.5f);
  const std::vector<std::int32_t> y(32, 1);
  const long before = allocations;
  for (int i = 0; i < 3; ++i) trainer.step(x, y);
  CHECK(allocations == before);
}

TEST_CASE("nor does a function, after the first call of so many samples") {
  struct Learn {
    static constexpr auto define(Scope& s) {
      const Var x = s.input("x", {20}), w = s.shared("w", {3, 20}), p = softmax(matmul(w, x));
      const Var cost = -mean(log(pick(p, s.label("y"))));
      s.update(w, w - 0.1f * grad(cost, w));
      return outputs(cost, p, argmax(p));
    }
  };
  Shared<Learn> state;
  Function<Learn> learn{state};
  const std::vector<float> x(500 * 20, 0.5f);
  const std::vector<std::int32_t> y(500, 1);
  learn(x, y);
  const long before = allocations;
  for (std::size_t samples : {500u, 7u, 1u, 499u})
    learn(std::span(x).first(samples * 20), std::span(y).first(samples));
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

namespace {

struct Convolutions
    : Sequence<Input<1, 12, 12>, Conv<4, 3>, Relu, MaxPool<2>, Flatten, Linear<10>> {};
struct Products : Sequence<Input<20>, Linear<16>, Tanh, Linear<3>> {};
struct Tokens4 : Sequence<Input<4, 8>, TransformerEncoderLayer<2, 16>> {};

// What a program works on when nothing but its executor is made.
template <class Program>
long allocated(const Program& program, int capacity, int threads) {
  ThreadPool pool(threads);
  const long before = vector_bytes;
  const cpu::Executor executor(program, capacity, pool);
  return vector_bytes - before;
}

// What a model on one thread works on beside its parameters. Pre: Net has no states.
template <class Net, auto... Options>
long allocated_by_model() {
  const int before_threads = threads();
  set_threads(1);
  default_pool();  // which the first model of one thread makes
  const long before = vector_bytes;
  Model<Net, Cpu, Options...> model;
  const long all = vector_bytes - before;
  set_threads(before_threads);
  return all - long(model.memory().parameters_size() * sizeof(*model.memory().parameters()));
}

template <class Net, auto... Options>
void check_model() {
  CHECK(allocated_by_model<Net, Options...>() == workspace_bytes<Net, Options...>);
}

}  // namespace

TEST_CASE("workspace_bytes is what a model allocates beside its parameters") {
  check_model<Convolutions>();
  check_model<Convolutions, batch<64>>();
  check_model<Convolutions, batch<1>>();
  check_model<Convolutions, f64, batch<64>>();
  check_model<Products, batch<64>>();
  check_model<Products, f64, batch<1>>();
  check_model<Tokens4, batch<5>>();
  check_model<Tokens4, batch<1>>();
}

TEST_CASE("calls into the caller's memory allocate nothing more") {
  Model<Convolutions, Cpu, batch<64>> model;
  const std::vector<float> x(64 * 144, 0.5f);
  std::vector<float> y(64 * 10);
  const long before = allocations;
  model(x, y);
  CHECK(allocations == before);
}

TEST_CASE("a thread more is a tile's values more") {
  using Predict = runtime::Prediction<Convolutions, f32, 64>;
  const long one = allocated(Predict::program(), 64, 1),
             three = allocated(Predict::program(), 64, 3);
  CHECK(one == workspace_bytes<Convolutions, batch<64>>);
  CHECK(three - one == 2 * long(sizeof(float)) * Predict::Plan::L::sizes.scratch);
}

TEST_CASE("a training step's store, shared values and partial sums are counted, too") {
  using Step =
      runtime::ProgramOf<fitting::TrainingStep<Convolutions, CrossEntropy>, Purpose::training, f32>;
  REQUIRE(Step::Plan::L::sizes.store > 0);
  REQUIRE(Step::Plan::L::sizes.shared > 0);
  REQUIRE(Step::Plan::L::sizes.partials > 0);
  for (int capacity : {1, 17, 64, 500})
    for (int threads : {1, 2})
      CHECK(allocated(Step::program(), capacity, threads) ==
            long(cpu::workspace_of(Step::Plan::L::sizes, capacity, threads).elements() *
                 sizeof(float)));
}
