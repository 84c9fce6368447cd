// Programs of tg::Cuda, to be measured.
// SPDX-License-Identifier: MIT
#pragma once
#include "bench/cuda/measure.cuh"
#include "bench/cuda/program.hpp"
#include "typegrad/cuda.cuh"

namespace tg::bench {

template <class Definition, class Backend = Cuda, DType dtype = f32>
using OnGpu = OnDevice<Backend, cuda::Device, Definition, Purpose::inference, dtype>;
template <class Net, class Loss, class Solver>
using TrainingOnGpu = Training<Cuda, cuda::Device, Net, Loss, Solver>;

}  // namespace tg::bench
