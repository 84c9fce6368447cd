// What a benchmark on a GPU needs: is there one, memory, the time of launches, the roofline.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstdio>
#include <vector>

#include "typegrad/backends/cuda/device.cuh"
#include "typegrad/backends/cuda/missing.cuh"

namespace tg::bench {

// Says which of build, driver or device is missing.
inline bool device_is_there() {
  const char* missing = cuda::missing();
  if (*missing != 0) std::printf("skipped: %s\n", missing);
  return *missing == 0;
}

// Numbers on the device.
class Array {
 public:
  explicit Array(std::size_t the_count) : count(the_count) {
    cuda::check(cudaMalloc(&numbers, count * sizeof(float)), "cudaMalloc");
  }
  explicit Array(const std::vector<float>& values) : Array(values.size()) {
    cuda::check(cudaMemcpy(numbers, values.data(), count * sizeof(float), cudaMemcpyHostToDevice),
                "copy to the device");
  }
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { cudaFree(numbers); }

  float* data() const { return numbers; }
  cuda::View<float> view() const { return cuda::View<float>(numbers); }
  cuda::View<const float> given() const { return cuda::View<const float>(numbers); }
  std::vector<float> host() const {
    std::vector<float> values(count);
    cuda::check(cudaMemcpy(values.data(), numbers, count * sizeof(float), cudaMemcpyDeviceToHost),
                "copy to the host");
    return values;
  }

 private:
  std::size_t count;
  float* numbers = nullptr;
};

// The median of the seconds that launch() takes on the device, of many, after a few that warm it
// up.
template <class Launch>
double seconds(const Launch& launch, int rounds = 50) {
  cudaEvent_t start, stop;
  cuda::check(cudaEventCreate(&start), "event");
  cuda::check(cudaEventCreate(&stop), "event");
  std::vector<float> all;
  for (int round = -10; round < rounds; ++round) {
    cuda::check(cudaEventRecord(start), "event");
    launch();
    cuda::check(cudaEventRecord(stop), "event");
    cuda::check(cudaEventSynchronize(stop), "kernel");
    float milliseconds = 0;
    cuda::check(cudaEventElapsedTime(&milliseconds, start, stop), "event");
    if (round >= 0) all.push_back(milliseconds);
  }
  cudaEventDestroy(start);
  cudaEventDestroy(stop);
  std::nth_element(all.begin(), all.begin() + rounds / 2, all.end());
  return 1e-3 * all[std::size_t(rounds / 2)];
}

// How many blocks of Kernel are on the device together: so many share its work without waiting.
template <class Kernel, class... Arguments>
int blocks_at_once() {
  const auto kernel = cuda::detail::run<Kernel, Arguments...>;
  const std::size_t shared =
      cuda::detail::large_shared<Kernel>(reinterpret_cast<const void*>(kernel));
  int of_multiprocessor = 0, multiprocessors = 0;
  cuda::check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&of_multiprocessor, kernel,
                                                            Kernel::threads, shared),
              "occupancy");
  cuda::check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, 0),
              "attribute");
  return of_multiprocessor * multiprocessors;
}

// Bytes a second that a large copy on the device reads and writes, measured.
inline double copy_bandwidth() {
  constexpr std::size_t count = std::size_t(1) << 28;
  const Array from(count), to(count);
  const double time = seconds([&] {
    cuda::check(
        cudaMemcpyAsync(to.data(), from.data(), count * sizeof(float), cudaMemcpyDeviceToDevice),
        "copy");
  });
  return 2.0 * count * sizeof(float) / time;
}

}  // namespace tg::bench
