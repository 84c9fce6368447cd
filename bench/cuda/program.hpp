// A compiled definition on memory of the device: data and variables are there before it is timed.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <map>

#include "bench/cuda/counted.hpp"
#include "typegrad/backends/cuda/executor.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::bench {

// Numbers in [-range, range), the same for the same seed.
inline std::vector<float> random_numbers(std::size_t count, std::uint64_t seed, double range) {
  std::vector<float> numbers(count);
  Random random(seed);
  for (float& x : numbers) x = float(random.between(-range, range));
  return numbers;
}

// A Backend's programs run on a Device: tg::Cuda on cuda::Device, or what a test emulates.
template <class Backend, class Device, class Definition, Purpose purpose = Purpose::inference,
          DType dtype = f32>
class OnDevice {
  using Compiled = runtime::ProgramOf<Definition, purpose, dtype, 0, Mode<>, Backend>;
  using Memory = typename Device::template Buffer<float>;
  using Lowered = typename Compiled::Plan::L;

 public:
  static constexpr int kernels = Lowered::launches;
  static constexpr std::int64_t flops_of_sample =
      runtime::flops_of(Lowered::graph, 0, Lowered::graph.size());

  OnDevice(Device& the_device, int the_samples)
      : samples(the_samples), device(&the_device), executor(Compiled::program(), the_device) {}

  // Memory of others; what nobody has given is the program's own.
  void bind(int slot, typename Device::template View<float> memory) {
    executor.bind(slot, memory);
    own.erase(slot);
    given[slot] = true;
  }
  static int leaf(std::string_view name) {
    const runtime::Leaves leaves = Compiled::leaves();
    for (std::size_t i = 0; i < leaves.infos.size(); ++i)
      if (leaves.name(i) == name) return int(i);
    fail("benchmark", "no leaf is called %s", std::string(name).c_str());
  }
  // After it: samples and parameters at random, labels below 10, settings as they are by default.
  void fill() {
    const auto& slots = Compiled::program().slots;
    const runtime::Leaves leaves = Compiled::leaves();
    for (int slot = 0; slot < int(slots.size()); ++slot) {
      const auto& use = slots[std::size_t(slot)];
      if (use.elements == 0 || given[slot]) continue;
      const std::size_t count =
          std::size_t(use.elements) * std::size_t(use.per_sample ? samples : 1);
      std::vector<float> numbers(count);
      const bool is_leaf = slot % 2 == 0 && slot / 2 < int(leaves.infos.size());
      if (is_leaf) numbers = first_values(leaves.infos[std::size_t(slot / 2)], count);
      if (use.halves) numbers = in_halves(numbers);
      Memory& memory =
          own.emplace(slot, device->template allocate<float>(numbers.size(), "slot")).first->second;
      device->from_host(memory.view(), numbers.data(), numbers.size());
      executor.bind(slot, memory.view());
    }
  }

  void run() { executor.run(samples, 1, std::uint64_t(calls++)); }
  void wait() { device->wait(); }
  double seconds() {
    return seconds_of_calls([&] { run(); }, [&] { wait(); });
  }
  float output(int number = 0) {
    float value = 0;
    const int slot = passes::output_slot(int(Compiled::leaves().infos.size()), number);
    device->to_host(&value, own.at(slot).view(), 1);
    return value;
  }

  // Every kernel reads its operands once and writes its results once.
  Counted counted() const {
    const auto& program = Compiled::program();
    double bytes = 0;
    for (const auto& step : program.steps)
      for (const auto& place : step.task.at) {
        double elements = place.base == cuda::Base::constants ? 1 : place.elements;
        if (place.base == cuda::Base::lanes) elements *= samples;
        if (place.base == cuda::Base::slot) {
          const auto& use = program.slots[std::size_t(place.slot)];
          elements = place.elements > 0 ? elements : use.elements;
          if (use.per_sample) elements *= samples;
        }
        bytes += (place.half ? 2 : 4) * elements * step.task.repeats;
      }
    return {bytes, double(flops_of_sample) * samples, kernels, 1};
  }

  const int samples;

 private:
  static std::vector<float> first_values(const runtime::LeafInfo& info, std::size_t count) {
    if (info.op == Op::setting) return std::vector<float>(count, float(info.read(nullptr)));
    if (info.op == Op::state) return std::vector<float>(count);
    if (is_floating(info.dtype))
      return random_numbers(count, info.hash, info.op == Op::parameter ? 0.05 : 1);
    std::vector<float> labels(count);
    for (std::size_t i = 0; i < count; ++i) labels[i] = std::bit_cast<float>(std::int32_t(i % 10));
    return labels;
  }

  static std::vector<float> in_halves(const std::vector<float>& numbers) {
    std::vector<float> result((numbers.size() + 1) / 2);
    auto* halves = reinterpret_cast<element_t<dtype>*>(result.data());
    for (std::size_t i = 0; i < numbers.size(); ++i) halves[i] = element_t<dtype>(numbers[i]);
    return result;
  }

  Device* device;
  cuda::Executor<Device> executor;
  std::map<int, Memory> own;
  std::map<int, bool> given;
  int calls = 0;
};

// A network's training step: one program makes loss and gradients, one is the solver, over an arena
// of all parameters.
template <class Backend, class Device, class Net, class Loss, class Solver>
class Training {
  using Memory = typename Device::template Buffer<float>;
  using StepOf = fitting::TrainingStep<Net, Loss>;
  using Leaves = runtime::ProgramOf<StepOf, Purpose::training, f32, 0, Mode<>, Backend>;
  static constexpr int arena = [] {
    int size = 0;
    for (const ir::Node& node : Recorded<Net, Purpose::initial, f32>::recording.graph().nodes)
      if (node.op == Op::parameter) size += (node.shape.size() + 15) / 16 * 16;
    return size;
  }();
  using Update = fitting::SolverUpdate<Solver, arena>;

 public:
  Training(Device& device, int samples)
      : step(device, samples),
        update(device, 1),
        weights(device.template allocate<float>(arena, "weights")),
        gradients(device.template allocate<float>(arena, "gradients")) {
    const std::vector<float> start = random_numbers(arena, 1, 0.05);
    device.from_host(weights.view(), start.data(), start.size());
    device.from_host(gradients.view(), std::vector<float>(arena).data(), arena);
    int offset = 0;
    const runtime::Leaves leaves = Leaves::leaves();
    for (int i = 0; i < int(leaves.infos.size()); ++i) {
      if (leaves.infos[std::size_t(i)].op != Op::parameter) continue;
      const int size = leaves.infos[std::size_t(i)].shape.size();
      step.bind(passes::leaf_slot(i), weights.view().part(offset, size));
      step.bind(passes::gradient_slot(i), gradients.view().part(offset, size));
      offset += (size + 15) / 16 * 16;
    }
    update.bind(passes::leaf_slot(update.leaf("weight")), weights.view());
    update.bind(passes::leaf_slot(update.leaf("gradient")), gradients.view());
    step.fill();
    update.fill();
  }

  void run() {
    step.run();
    update.run();
  }
  double seconds() {
    return seconds_of_calls([&] { run(); }, [&] { step.wait(); });
  }
  Counted counted() const {
    const Counted a = step.counted(), b = update.counted();
    return {a.bytes + b.bytes, a.flops, a.kernels + b.kernels, 2};
  }
  // Whether it learns its one batch: that the numbers are right is the tests' business.
  bool learns(int steps = 100) {
    step.run();
    const float before = step.output();
    for (int i = 0; i < steps; ++i) run();
    step.run();
    const float after = step.output();
    const bool result = std::isfinite(after) && after < before;
    std::fprintf(stderr, "  loss %.3f, after %d steps %.3f: %s\n", double(before), steps,
                 double(after), result ? "it learns" : "WRONG");
    return result;
  }

 private:
  OnDevice<Backend, Device, StepOf, Purpose::training> step;
  OnDevice<Backend, Device, Update, Purpose::training> update;
  Memory weights, gradients;
};

}  // namespace tg::bench
