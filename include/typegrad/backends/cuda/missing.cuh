// Asks CUDA whether the program can run on a GPU, and what is missing if it cannot.
// SPDX-License-Identifier: MIT
#pragma once
#include <cuda_runtime.h>

#include "typegrad/backends/cuda/missing.hpp"

namespace tg::cuda {

namespace detail {
// A device runs the program's kernels if it has code for this one.
template <class = void>
__global__ void probe() {}
}  // namespace detail

// What device `number` lacks. Without a driver CUDA calls it older than any; its version is then 0.
inline Missing find_missing(int number = 0) {
  int devices = 0, driver = 0;
  const cudaError_t found = cudaGetDeviceCount(&devices);
  if (found == cudaErrorInsufficientDriver)
    return cudaDriverGetVersion(&driver) == cudaSuccess && driver > 0 ? Missing::newer_driver
                                                                      : Missing::driver;
  if (found != cudaSuccess || number >= devices) return Missing::device;
  cudaFuncAttributes attributes;
  const bool runs = cudaSetDevice(number) == cudaSuccess &&
                    cudaFuncGetAttributes(&attributes, detail::probe<void>) == cudaSuccess;
  cudaGetLastError();  // what was asked is no error of a later launch
  return runs ? Missing::nothing : Missing::code_for_device;
}
inline bool available(int number = 0) { return find_missing(number) == Missing::nothing; }
// In words; nothing when the program can run.
inline const char* missing(int number = 0) { return words_for(find_missing(number)); }

}  // namespace tg::cuda
