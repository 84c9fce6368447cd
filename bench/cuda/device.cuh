// What a benchmark on a GPU needs: is there one, memory, the time of launches, the roofline.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstdio>
#include <vector>

#include "typegrad/backends/cuda/device.cuh"

namespace tg::bench {

// Says which of driver, device or build is missing. Probe is any kernel of the program.
template <class Probe>
bool device_is_there(Probe probe) {
  int devices = 0;
  const cudaError_t found = cudaGetDeviceCount(&devices);
  if (found == cudaErrorInsufficientDriver) {
    std::puts("skipped: no driver, or one older than this program's CUDA");
    return false;
  }
  if (found != cudaSuccess || devices == 0) {
    std::printf("skipped: no device (%s)\n", cudaGetErrorString(found));
    return false;
  }
  cudaFuncAttributes attributes;
  if (cudaFuncGetAttributes(&attributes, probe) != cudaSuccess) {
    std::puts("skipped: the build has no code for this device; say nvcc -arch=native");
    return false;
  }
  return true;
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

// FLOP/s by the vendor's figures: what the multiprocessors do in a cycle, at the boost clock.
struct Peaks {
  double f32, tf32, bf16;
};
inline Peaks peaks() {
  const auto ask = [](cudaDeviceAttr what) {
    int value = 0;
    cuda::check(cudaDeviceGetAttribute(&value, what, 0), "attribute");
    return value;
  };
  const int major = ask(cudaDevAttrComputeCapabilityMajor);
  const int minor = ask(cudaDevAttrComputeCapabilityMinor);
  const double cycles = 1e3 * ask(cudaDevAttrClockRate) * ask(cudaDevAttrMultiProcessorCount);
  const double tf32 = major >= 10 ? 4096 : major == 9 ? 2048 : minor == 0 ? 1024 : 256;
  return {256 * cycles, tf32 * cycles, 2 * tf32 * cycles};
}

}  // namespace tg::bench
