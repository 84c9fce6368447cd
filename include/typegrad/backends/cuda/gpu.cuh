// A GPU that programs run on: its memory, its stream, and launches that are kept.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "typegrad/backends/cuda/missing.cuh"
#include "typegrad/backends/cuda/mma.cuh"
#include "typegrad/backends/cuda/products.cuh"
#include "typegrad/core/transfers.hpp"

namespace tg::cuda {

// Memory of a device, as long as it lives.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::size_t count) {
    check(cudaMalloc(&elements, std::max<std::size_t>(count, 1) * sizeof(T)), "device memory");
  }
  Buffer(Buffer&& other) noexcept : elements(std::exchange(other.elements, nullptr)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    std::swap(elements, other.elements);
    return *this;
  }
  ~Buffer() { cudaFree(elements); }

  View<T> view() const { return View<T>(elements); }

 private:
  T* elements = nullptr;
};

// One stream of one GPU: what is asked of it happens in that order. Throws Error when CUDA refuses.
class Device {
 public:
  template <class T>
  using View = cuda::View<T>;
  using AnyView = cuda::AnyView;
  template <class T>
  using Buffer = cuda::Buffer<T>;

  explicit Device(int number = 0) {
    if (cudaSetDevice(number) != cudaSuccess) fail("GPU", "%s", missing(number));
    check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, number), "GPU");
    check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking), "stream");
  }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device() { cudaStreamDestroy(stream); }

  template <class T>
  Buffer<T> allocate(std::size_t count, const char*) {
    return Buffer<T>(count);
  }
  template <class T>
  void from_host(View<T> to, const T* values, std::size_t count) {
    copy(to.address(), values, count * sizeof(T), cudaMemcpyHostToDevice);
    copies.add_to_device(count * sizeof(T));
  }
  template <class T>
  void to_host(T* values, View<T> from, std::size_t count) {
    copy(values, from.address(), count * sizeof(T), cudaMemcpyDeviceToHost);
    wait();
    copies.add_to_host(count * sizeof(T));
  }
  // Sets them to zero.
  template <class T>
  void clear(View<T> what, std::size_t count) {
    check(cudaMemsetAsync(what.address(), 0, count * sizeof(T), stream), "clear");
  }
  bool has_room(std::size_t bytes) const {
    std::size_t free = 0, all = 0;
    check(cudaMemGetInfo(&free, &all), "device memory");
    return bytes <= free;
  }
  const Transfers& transfers() const { return copies; }
  // Until all that was asked for has happened.
  void wait() { check(cudaStreamSynchronize(stream), "the stream's work"); }

  template <class Kernel, class... Arguments>
  void launch(int tiles, const Arguments&... arguments) {
    int blocks = blocks_of_multiprocessor;
    if constexpr (requires { Kernel::cooperative; }) {
      // As many as are there at once, but few, for they wait for each other.
      const auto kernel = detail::run<Kernel, Arguments...>;
      check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, kernel, Kernel::threads, 0),
            "cooperative launch");
      blocks = std::min(blocks, waiting_blocks_of_multiprocessor);
    }
    cuda::launch<Kernel>(stream, std::min(tiles, blocks * multiprocessors), arguments...);
  }

  // Large products, by the vendor's library: see HasLibrary.
  static constexpr std::int64_t large_product = cuda::large_product;
  void prepare_products() { products.prepare(); }
  bool multiply(const LargeProduct<AnyView>& product) { return products.multiply(stream, product); }

  // What a call launches, captured once for each key: then it is one launch.
  class Recording {
   public:
    Recording() = default;
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;
    ~Recording() { forget(); }

    template <class LaunchAll>
    void replay(Device& device, const std::vector<std::uint64_t>& key,
                const LaunchAll& launch_all) {
      auto found = graphs.find(key);
      if (found == graphs.end()) {
        if (graphs.size() == most_graphs) forget();
        found = graphs.emplace(key, device.capture(launch_all)).first;
      }
      check(cudaGraphLaunch(found->second, device.stream), "launch of a CUDA graph");
    }

   private:
    static constexpr std::size_t most_graphs = 64;

    void forget() {
      for (const auto& [key, graph] : graphs) cudaGraphExecDestroy(graph);
      graphs.clear();
    }

    std::map<std::vector<std::uint64_t>, cudaGraphExec_t> graphs;
  };

 private:
  static constexpr int blocks_of_multiprocessor = 16, waiting_blocks_of_multiprocessor = 2;

  void copy(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind) {
    check(cudaMemcpyAsync(to, from, bytes, kind, stream), "copy");
  }
  template <class LaunchAll>
  cudaGraphExec_t capture(const LaunchAll& launch_all) {
    cudaGraph_t graph = nullptr;
    // A kernel's first launch loads it, which other modes forbid.
    check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed), "capture");
    try {
      launch_all();
    } catch (...) {
      cudaStreamEndCapture(stream, &graph);
      cudaGraphDestroy(graph);
      throw;
    }
    check(cudaStreamEndCapture(stream, &graph), "capture");
    cudaGraphExec_t executable = nullptr;
    const cudaError_t status = cudaGraphInstantiate(&executable, graph, 0);
    cudaGraphDestroy(graph);
    check(status, "CUDA graph");
    return executable;
  }

  cudaStream_t stream = nullptr;
  Products products;
  int multiprocessors = 1;
  Transfers copies;
};

}  // namespace tg::cuda
