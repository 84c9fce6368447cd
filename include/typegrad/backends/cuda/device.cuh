// What a kernel's thread knows of itself on a GPU, and how kernels are launched.
// SPDX-License-Identifier: MIT
#pragma once
#include <cooperative_groups.h>
#include <cuda_runtime.h>

#include <concepts>
#include <cstdint>
#include <type_traits>

#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/core/config.hpp"
#include "typegrad/core/elements.hpp"
#include "typegrad/core/exception.hpp"

namespace tg::cuda {

// Throws Error with CUDA's words for what went wrong.
inline void check(cudaError_t status, const char* what) {
  if (status != cudaSuccess) fail(what, "%s", cudaGetErrorString(status));
}

// Consecutive elements in the memory of a device. T is const where a kernel only reads.
template <class T>
class View {
 public:
  using Value = std::remove_const_t<T>;
  using Index = std::int64_t;

  View() = default;
  __host__ __device__ explicit View(T* the_data) : data(the_data) {}
  template <class U>
  requires std::same_as<const U, T> __host__ __device__ View(const View<U>& other)
      : data(other.data) {}

  __device__ T& operator[](std::int64_t i) const { return data[i]; }
  __device__ View operator+(std::int64_t first) const { return View(data + first); }
  // Elements [first, first + length): the emulator finds who goes past them.
  __host__ __device__ View part(std::int64_t first, std::int64_t) const {
    return View(data + first);
  }
  __host__ __device__ T* address() const { return data; }

  // Elements first, first + stride, …
  __device__ Elements<const Value> reads(std::int64_t first, int, int stride) const {
    return {data + first, stride};
  }
  __device__ Elements<T> writes(std::int64_t first, int, int stride) const {
    return {data + first, stride};
  }

  // Whether the first element begins a pack of N.
  template <int N>
  __device__ bool is_aligned() const {
    return reinterpret_cast<std::uintptr_t>(data) % alignof(Pack<Value, N>) == 0;
  }
  // Elements [first, first + N) in one access, or as few as there are; `first` is a multiple of N,
  // of a view that is aligned for it.
  template <int N>
  __device__ Pack<Value, N> load_pack(std::int64_t first) const {
    return *reinterpret_cast<const Pack<Value, N>*>(data + first);
  }
  template <int N>
  __device__ void store_pack(std::int64_t first, const Pack<T, N>& pack) const {
    *reinterpret_cast<Pack<T, N>*>(data + first) = pack;
  }
  __device__ Pair<Value> load_pair(std::int64_t first) const { return load_pack<2>(first); }
  __device__ Quad<Value> load_quad(std::int64_t first) const { return load_pack<4>(first); }
  __device__ void store_quad(std::int64_t first, const Quad<T>& quad) const {
    store_pack<4>(first, quad);
  }

 private:
  template <class U>
  friend class View;

  T* data = nullptr;
};

// The same, not saying what the elements are.
class AnyView {
 public:
  AnyView() = default;
  template <class T>
  requires(!std::is_const_v<T>) __host__ __device__ AnyView(const View<T>& view)
      : data(view.address()) {}

  template <class T>
  __host__ __device__ View<T> as() const {
    return View<T>(static_cast<T*>(data));
  }
  __host__ __device__ void* address() const { return data; }
  __device__ AnyView moved(std::int64_t bytes) const {
    AnyView there;
    there.data = static_cast<char*>(data) + bytes;
    return there;
  }

  // Where it begins.
  std::uint64_t place() const { return std::uint64_t(reinterpret_cast<std::uintptr_t>(data)); }

 private:
  void* data = nullptr;
};

// The other context is backends/emulator/device.hpp, which says more about each of these.
class Context {
 public:
  template <class T>
  using Global = View<T>;

  __device__ int thread() const { return int(threadIdx.x); }
  __device__ int threads() const { return int(blockDim.x); }
  __device__ int block() const { return int(blockIdx.x); }
  __device__ int blocks() const { return int(gridDim.x); }
  __device__ int lane() const { return thread() % 32; }
  __device__ int warp() const { return thread() / 32; }
  __device__ int warps() const { return threads() / 32; }

  __device__ void barrier() const { __syncthreads(); }
  __device__ void warp_barrier() const { __syncwarp(); }
  __device__ void wait_once() const { __syncwarp(); }
  __device__ void grid_barrier() const { cooperative_groups::this_grid().sync(); }

  template <class T>
  __device__ T shuffle_xor(T value, int mask) const {
    return __shfl_xor_sync(all_lanes, value, mask);
  }
  template <class T>
  __device__ T shuffle_down(T value, int by) const {
    return __shfl_down_sync(all_lanes, value, unsigned(by));
  }
  template <class T>
  __device__ T shuffle(T value, int of) const {
    return __shfl_sync(all_lanes, value, of);
  }

  template <class T, int Count, int Number = 0>
  __device__ View<T> shared() const {
    __shared__ alignas(16) T elements[Count];
    return View<T>(elements);
  }
  template <class T, int Count>
  __device__ View<T> large_shared() const {
    extern __shared__ Quad<float> large[];
    return View<T>(reinterpret_cast<T*>(large));
  }
  template <class T>
  __device__ static T add_atomically(T& element, T value) {
    return atomicAdd(&element, value);
  }

 private:
  static constexpr unsigned all_lanes = ~0u;
};

namespace detail {
template <class Kernel, class... Arguments>
__global__ void __launch_bounds__(Kernel::threads) run(Arguments... arguments) {
  Kernel::run(Context{}, arguments...);
}
}  // namespace detail

namespace detail {
// Bytes of the shared array whose size a launch says: more than 48 KiB need the kernel's consent.
template <class Kernel>
std::size_t large_shared(const void* kernel) {
  if constexpr (requires { Kernel::large_shared; }) {
    check(cudaFuncSetAttribute(kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                               int(Kernel::large_shared)),
          "shared memory of a kernel");
    return std::size_t(Kernel::large_shared);
  } else {
    return 0;
  }
}
}  // namespace detail

// Kernel::run(context, arguments…) for `blocks` blocks of Kernel::threads threads, in the order of
// the stream. Throws Error when CUDA refuses.
template <class Kernel, class... Arguments>
void launch(cudaStream_t stream, int blocks, const Arguments&... arguments) {
  const auto kernel = detail::run<Kernel, Arguments...>;
  const std::size_t shared = detail::large_shared<Kernel>(reinterpret_cast<const void*>(kernel));
  if constexpr (requires { Kernel::cooperative; }) {
    const void* pointers[] = {&arguments..., nullptr};
    check(
        cudaLaunchCooperativeKernel(kernel, dim3(unsigned(blocks)), dim3(unsigned(Kernel::threads)),
                                    const_cast<void**>(pointers), shared, stream),
        "cooperative launch");
  } else {
    kernel<<<unsigned(blocks), unsigned(Kernel::threads), shared, stream>>>(arguments...);
    check(cudaGetLastError(), "launch");
  }
}

}  // namespace tg::cuda
