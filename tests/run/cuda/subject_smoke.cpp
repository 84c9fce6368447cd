// Runs a definition on the emulated GPU and by the reference, and compares.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "tests/run/backends/reference.hpp"

namespace tg::test {
namespace {

using emulator::Buffer;
using emulator::Device;
using emulator::View;

// A program with memory of its own, for calls of any number of samples one after the other.
class Runner {
 public:
  Runner(const cuda::Program<Device>& the_program, int blocks)
      : program(the_program), device(blocks), executor(program, device) {}

  // What the reference's evaluation gives, in the same order.
  std::map<int, std::vector<float>> operator()(const Reference& reference,
                                               const std::map<int, Doubles>& expected,
                                               int samples) {
    std::vector<std::unique_ptr<Buffer<float>>> memory;
    const auto keep = [&](int slot, std::vector<float> numbers, std::string name) {
      memory.push_back(std::make_unique<Buffer<float>>(std::move(numbers), std::move(name)));
      executor.bind(slot, memory.back()->view());
    };
    for (int i = 0; i < reference.leaves(); ++i) {
      const Doubles& values = reference.values[std::size_t(i)];
      const ir::Node& leaf = reference.leaf(i);
      const bool integers = leaf.space == ir::Space::per_sample && !is_floating(leaf.dtype);
      std::vector<float> numbers(values.size());
      for (std::size_t n = 0; n < values.size(); ++n)
        numbers[n] = integers ? std::bit_cast<float>(std::int32_t(values[n])) : float(values[n]);
      keep(passes::leaf_slot(i), std::move(numbers), "leaf " + std::to_string(i));
    }
    std::map<int, View<float>> results;
    for (const auto& [key, numbers] : expected) {
      if (key >= update_of) {
        results[key] = executor.bound(passes::leaf_slot(key - update_of));
        continue;
      }
      const int slot = key >= gradient_of ? passes::gradient_slot(key - gradient_of)
                                          : passes::output_slot(reference.leaves(), key);
      memory.push_back(std::make_unique<Buffer<float>>(numbers.size(), spell(key)));
      executor.bind(slot, results[key] = memory.back()->view());
    }
    const int before = device.launched();
    executor.run(samples, seed, call);
    CHECK(device.launched() - before == program.launches);
    std::map<int, std::vector<float>> numbers;
    for (const auto& [key, wanted] : expected) {
      numbers[key].resize(wanted.size());
      device.to_host(numbers[key].data(), results[key], wanted.size());
    }
    return numbers;
  }

 private:
  const cuda::Program<Device>& program;
  Device device;
  cuda::Executor<Device> executor;
};

}  // namespace

void check_on_device(const OnDevice& subject, std::initializer_list<int> samples, double units) {
  Reference reference(subject.record);
  Runner few(*subject.program, 2), many(*subject.program, 5);
  for (int count : samples) {
    if (count < reference.recording->minimum_samples) continue;
    CAPTURE(count);
    reference.fill(count);
    const auto expected = reference.evaluate(count);
    const auto results = few(reference, expected, count);
    for (const auto& [key, numbers] : expected) {
      INFO(spell(key));
      CHECK(distance(results.at(key), numbers) < units);
    }
    CHECK(many(reference, expected, count) == results);
  }
}

}  // namespace tg::test
