// The backend of a GPU.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/gpu.cuh"
#include "typegrad/backends/cuda/steps.hpp"

namespace tg {

// Kernels of CUDA, one for each wave of steps, captured as one graph. Variables live on the device.
struct Cuda : cuda::Table {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, cuda::Device>;
  using Memory = cuda::DeviceMemory<cuda::Device>;
};

// The same, whose products of matrices round their factors to tf32 or bf16, for tensor cores.
template <cuda::Precision precision, cuda::Kernels kernels = cuda::Kernels::of_waves>
struct CudaWith : Cuda {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, cuda::Device, kernels, precision>;
};

// All steps of a program in one cooperative kernel, loops too: launches is 1. So it is of a
// training step. For programs whose arguments fit in a launch: some hundred steps.
struct CudaCooperative : CudaWith<cuda::Precision::f32, cuda::Kernels::one> {};

}  // namespace tg
