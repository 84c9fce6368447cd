// The CUDA backend, for nvcc, beside <typegrad/typegrad.hpp>: tg::Model<Net, tg::Cuda>.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/backend.cuh"
#include "typegrad/backends/cuda/missing.cuh"
#include "typegrad/runtime/watch_device.hpp"
