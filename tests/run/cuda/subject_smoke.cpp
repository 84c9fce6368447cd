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
template <class T>
class Runner {
 public:
  Runner(const cuda::Program<Device, T>& the_program, int blocks)
      : program(the_program), device(blocks), executor(program, device) {}

  // What the reference's evaluation gives, in the same order.
  std::map<int, std::vector<T>> operator()(const Reference& reference,
                                           const std::map<int, Doubles>& expected, int samples) {
    std::vector<std::shared_ptr<void>> memory;
    const auto keep = [&]<class Number>(int slot, std::vector<Number> numbers, std::string name) {
      const auto buffer = std::make_shared<Buffer<Number>>(std::move(numbers), std::move(name));
      memory.push_back(buffer);
      executor.bind(slot, buffer->view());
    };
    for (int i = 0; i < reference.leaves(); ++i) {
      const Doubles& values = reference.values[std::size_t(i)];
      const ir::Node& leaf = reference.leaf(i);
      const bool integers = leaf.space == ir::Space::per_sample && !is_floating(leaf.dtype);
      const std::string name = "leaf " + std::to_string(i);
      if (integers)
        keep(passes::leaf_slot(i), std::vector<std::int32_t>(values.begin(), values.end()), name);
      else
        keep(passes::leaf_slot(i), std::vector<T>(values.begin(), values.end()), name);
    }
    std::map<int, View<T>> results;
    for (const auto& [key, numbers] : expected) {
      if (key >= update_of) {
        results[key] = executor.bound(passes::leaf_slot(key - update_of)).template as<T>();
        continue;
      }
      const int slot = key >= gradient_of ? passes::gradient_slot(key - gradient_of)
                                          : passes::output_slot(reference.leaves(), key);
      const auto buffer = std::make_shared<Buffer<T>>(numbers.size(), spell(key));
      memory.push_back(buffer);
      executor.bind(slot, results[key] = buffer->view());
    }
    const int before = device.launched();
    executor.run(samples, seed, call);
    CHECK(device.launched() - before == program.launches);
    std::map<int, std::vector<T>> numbers;
    for (const auto& [key, wanted] : expected) {
      numbers[key].resize(wanted.size());
      device.to_host(numbers[key].data(), results[key], wanted.size());
    }
    return numbers;
  }

 private:
  const cuda::Program<Device, T>& program;
  Device device;
  cuda::Executor<Device, T> executor;
};

}  // namespace

template <class T>
void check_on_device(const OnDevice<T>& subject, std::initializer_list<int> samples, double units) {
  Reference reference(subject.record);
  Runner<T> few(*subject.program, 2), many(*subject.program, 5);
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
template void check_on_device(const OnDevice<float>&, std::initializer_list<int>, double);
template void check_on_device(const OnDevice<double>&, std::initializer_list<int>, double);

}  // namespace tg::test
