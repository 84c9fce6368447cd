// The backend of a GPU.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/backends/cuda/steps.hpp"

namespace tg {

// Kernels of CUDA, captured as one graph. Variables live on the device.
struct Cuda : cuda::Table {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, cuda::Device>;
  using Memory = cuda::DeviceMemory<cuda::Device>;
};

// The same, whose products of matrices round their factors to tf32 or bf16, for tensor cores.
template <cuda::Precision precision>
struct CudaWith : Cuda {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, cuda::Device, cuda::Kernels::of_steps, precision>;
};

}  // namespace tg
