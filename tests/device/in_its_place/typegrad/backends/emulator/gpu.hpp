// A GPU in the place of the emulated one: the emulator's tests, compiled by nvcc, run on it.
// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "typegrad/backends/cuda/gpu.cuh"

namespace tg::emulator {

using cuda::View;

// Memory of the GPU, with what it holds first.
template <class T>
class Buffer {
 public:
  Buffer(const std::vector<T>& numbers, const std::string&) : Buffer(numbers.size(), "") {
    cuda::check(cudaMemcpy(memory.view().address(), numbers.data(), count * sizeof(T),
                           cudaMemcpyHostToDevice),
                "copy");
  }
  Buffer(std::size_t the_count, const std::string&) : count(the_count), memory(the_count) {
    cuda::check(cudaMemset(memory.view().address(), 0, count * sizeof(T)), "memset");
  }
  View<T> view() const { return memory.view(); }

 private:
  std::size_t count;
  cuda::Buffer<T> memory;
};

// Whatever number of blocks a test asks for, a GPU has its own.
class Device : public cuda::Device {
 public:
  explicit Device(int = 0) {}

  template <class Kernel, class... Arguments>
  void launch(int tiles, const Arguments&... arguments) {
    ++launches;
    cuda::Device::launch<Kernel>(tiles, arguments...);
  }
  int launched() const { return launches; }

 private:
  int launches = 0;
};

}  // namespace tg::emulator
