// Variables live on the device: what is copied, when, and how often.
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "counted.hpp"
#include "tests/run/scan/steps.hpp"

namespace tg::test {
namespace {

using Device = Emulated<>;
using Memory = cuda::DeviceMemory<emulator::Device>;

struct Count {
  static constexpr auto define(Scope& s) {
    const Var n = s.shared("n", {3}), other = s.shared("other", {2});
    const Var by = s.argument("by", {3});
    s.update(n, n + by);
    s.update(other, other + 1);
    return std::array<Var, 0>{};
  }
};
struct Show {
  static constexpr auto define(Scope& s) { return outputs(2 * s.shared("n", {3})); }
};

// A training step without outputs: who wants to know the cost asks for it.
struct Logistic {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {4}), y = s.label("y");
    const Var w = s.parameter("W", {3, 4}, Zeros{}), b = s.parameter("b", {3}, Zeros{});
    const Var cost = batch_mean(-pick(log_softmax(matmul(w, x) + b), y));
    for (Var p : s.parameters()) s.update(p, p - 0.1 * grad(cost, p));
    s.update(s.shared("cost", {}), cost);
    return std::array<Var, 0>{};
  }
};

// A recurrence over sequences of 5 rows, trained: no step of the loop meets the host.
struct Recur {
  static constexpr auto define(Scope& s) {
    const Var states = Recurrent<false>::define(s, s.input("sequence", {5, 2}));
    const Var cost = batch_mean(sum(square(states - s.input("target", {3}))));
    for (Var p : s.parameters()) s.update(p, p - 0.1 * grad(cost, p));
    return std::array<Var, 0>{};
  }
};

using Net = Sequence<Input<4>, Linear<8>, Tanh, Linear<3>>;

const std::vector<float> samples = [] {
  std::vector<float> numbers(16 * 4);
  Random random(7);
  for (float& number : numbers) number = float(random.between(-1, 1));
  return numbers;
}();
const std::vector<std::int32_t> labels = [] {
  std::vector<std::int32_t> classes(16);
  for (std::size_t i = 0; i < 16; ++i) classes[i] = std::int32_t(i % 3);
  return classes;
}();

}  // namespace

TEST_CASE("shared variables stay on the device, and functions share them") {
  Shared<Function<Count, Device>, Function<Show, Device>> state;
  static_assert(std::is_same_v<decltype(state)::Memory, Memory>);
  Function<Count, Device> count(state);
  Function<Show, Device> show(state);
  const std::vector<float> by = {1, 2, 3};
  count(by);
  {
    const Counted counted;
    count(by);
    CHECK(counted.to_device() == 1);  // by
    CHECK(counted.to_host() == 0);
  }
  {
    const Counted counted;
    CHECK(show()(1) == 8);
    CHECK(counted.to_device() == 0);
    CHECK(counted.to_host() == 1);  // the output
  }
}

TEST_CASE("the host's mirror is brought back when it is read, once, and alone") {
  Shared<Function<Count, Device>> state;
  Function<Count, Device> count(state);
  const std::vector<float> by = {1, 2, 3};
  count(by), count(by);
  const Counted counted;
  CHECK(state.get<"n">()(2) == 6);
  CHECK(counted.to_host() == 1);
  CHECK(counted.bytes_to_host() == 16 * 4);  // a cache line: "other" stays
  CHECK(state.get<"n">()(0) == 2);
  CHECK(counted.to_host() == 1);
  CHECK(state.get<"other">()(0) == 2);
  CHECK(counted.to_host() == 2);
  CHECK(counted.to_device() == 0);
}

TEST_CASE("what the host was given to write goes to the device before the next call") {
  Shared<Function<Count, Device>> state;
  Function<Count, Device> count(state);
  const std::vector<float> by = {1, 2, 3};
  count(by);
  state.get<"n">()(1) = 40;
  const Counted counted;
  count(by);
  CHECK(counted.to_device() == 2);  // n and by
  CHECK(counted.bytes_to_device() == 16 * 4 + 3 * 4);
  CHECK(counted.to_host() == 0);
  CHECK(state.get<"n">()(0) == 2);
  CHECK(state.get<"n">()(1) == 42);
  CHECK(state.get<"other">()(1) == 2);
}

TEST_CASE("functions of the CPU and of the device share memory of the host") {
  Shared<Function<Count, Device>, Function<Show, Cpu>> state;
  static_assert(std::is_same_v<decltype(state)::Memory, runtime::HostMemory>);
  Function<Count, Device> count(state);
  Function<Show, Cpu> show(state);
  const std::vector<float> by = {1, 2, 3};
  count(by);
  CHECK(show()(2) == 6);
  state.get<"n">()(2) = 1;
  count(by);
  CHECK(show()(2) == 8);
}

TEST_CASE("a step of logistic regression copies its samples and labels") {
  Shared<Function<Logistic, Device>> gpu;
  Shared<Function<Logistic, Cpu>> cpu;
  Function<Logistic, Device> on_gpu(gpu);
  Function<Logistic, Cpu> on_cpu(cpu);
  on_gpu(samples, labels), on_cpu(samples, labels);
  const Counted counted;
  for (int step = 0; step < 5; ++step) on_gpu(samples, labels), on_cpu(samples, labels);
  CHECK(counted.to_device() == 5 * 2);
  CHECK(counted.bytes_to_device() == 5 * (16 * 4 + 16) * 4);
  CHECK(counted.to_host() == 0);
  CHECK(gpu.get<"cost">()(0) == Approx(cpu.get<"cost">()(0)));
  CHECK(gpu.get<"cost">()(0) < std::log(3.0));
}

TEST_CASE("a step through a scan copies its sequences and targets") {
  Shared<Function<Recur, Device>> gpu;
  Shared<Function<Recur, Cpu>> cpu;
  Function<Recur, Device> on_gpu(gpu);
  Function<Recur, Cpu> on_cpu(cpu);
  const std::span sequences(samples.data(), 4 * 10), targets(samples.data() + 20, 4 * 3);
  on_gpu(sequences, targets), on_cpu(sequences, targets);
  const Counted counted;
  on_gpu(sequences, targets), on_cpu(sequences, targets);
  CHECK(counted.to_device() == 2);
  CHECK(counted.to_host() == 0);
  CHECK((gpu.get<"U">() - cpu.get<"U">()).norm() < 1e-5);
  CHECK(gpu.get<"U">()(0) != 0.5);
}

TEST_CASE("a model's programs share its parameters, and a file gets the newest") {
  Model<Net, Device> model;
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 1e-2}, batch<16>};
  trainer.step(samples, labels), trainer.step(samples, labels);
  {
    const Counted counted;
    trainer.step(samples, labels);
    CHECK(counted.to_device() == 2);
    CHECK(counted.to_host() == 1);  // the loss, which is asked for
  }
  {
    const Counted counted;
    model(samples);
    CHECK(counted.to_device() == 1);
    CHECK(counted.to_host() == 1);
    model(samples);
    CHECK(counted.to_device() == 2);
  }
  trainer.solver.learning_rate = 1e-3;
  {
    const Counted counted;
    trainer.step(samples, labels);
    CHECK(counted.to_device() == 3);  // a setting that has changed
  }
  const char* const path = "cuda_memory.safetensors";
  model.save(path);
  Model<Net, Device> again(5);
  again.load(path);
  std::remove(path);
  CHECK(again.get<"0.weight">() == model.get<"0.weight">());
  CHECK(again(samples) == model(samples));
}

}  // namespace tg::test
