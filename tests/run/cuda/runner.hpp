// A program on an emulated GPU, with memory of its own, for calls one after the other.
// SPDX-License-Identifier: MIT
#pragma once
#include "subject.hpp"
#include "tests/run/backends/reference.hpp"

namespace tg::test {

template <class T>
class Runner {
 public:
  using Device = emulator::Device;
  // Of each output, gradient and update, as the reference numbers them.
  using Results = std::map<int, std::vector<T>>;

  Runner(const cuda::Program<Device, T>& the_program, int blocks)
      : program(the_program), device(blocks), executor(program, device) {}

  // Of the values that the reference has.
  Results operator()(const Reference& reference, const std::map<int, Doubles>& expected,
                     int samples) {
    bind_leaves(reference);
    std::map<int, emulator::View<T>> memory;
    for (const auto& [key, numbers] : expected) memory[key] = bind_result(reference, key, numbers);
    executor.run(samples, seed, call);
    Results results;
    for (const auto& [key, numbers] : expected) {
      results[key].resize(numbers.size());
      device.to_host(results[key].data(), memory[key], numbers.size());
    }
    return results;
  }
  int launched() const { return device.launched(); }

 private:
  void bind_leaves(const Reference& reference) {
    buffers.clear();
    for (int i = 0; i < reference.leaves(); ++i) {
      const Doubles& values = reference.values[std::size_t(i)];
      const ir::Node& leaf = reference.leaf(i);
      const bool integers = leaf.space == ir::Space::per_sample && !is_floating(leaf.dtype);
      const std::string name = "leaf " + std::to_string(i);
      const int slot = passes::leaf_slot(i);
      if (integers)
        executor.bind(slot, keep(std::vector<std::int32_t>(values.begin(), values.end()), name));
      else
        executor.bind(slot, keep(std::vector<T>(values.begin(), values.end()), name));
    }
  }
  emulator::View<T> bind_result(const Reference& reference, int key, const Doubles& numbers) {
    if (key >= update_of)
      return executor.bound(passes::leaf_slot(key - update_of)).template as<T>();
    const int slot = key >= gradient_of ? passes::gradient_slot(key - gradient_of)
                                        : passes::output_slot(reference.leaves(), key);
    const auto buffer = std::make_shared<emulator::Buffer<T>>(numbers.size(), spell(key));
    buffers.push_back(buffer);
    executor.bind(slot, buffer->view());
    return buffer->view();
  }
  template <class Number>
  emulator::View<Number> keep(const std::vector<Number>& numbers, const std::string& name) {
    const auto buffer = std::make_shared<emulator::Buffer<Number>>(numbers, name);
    buffers.push_back(buffer);
    return buffer->view();
  }

  const cuda::Program<Device, T>& program;
  Device device;
  cuda::Executor<Device, T> executor;
  std::vector<std::shared_ptr<void>> buffers;
};

}  // namespace tg::test
