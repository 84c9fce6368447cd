// The backend of a GPU.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/backends/cuda/host.hpp"

namespace tg {

// Kernels of CUDA, captured as one graph. The memory that is bound is the host's.
struct Cuda : cuda::Table {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, cuda::Device>;
};

// The same, whose products of matrices round their factors to tf32 or bf16, for tensor cores.
template <cuda::Precision precision>
struct CudaWith : Cuda {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, cuda::Device, cuda::Kernels::of_steps, precision>;
};

}  // namespace tg
