// LeNet on the GPU, in a file of its own: nvcc wants as much memory for it as for the others.
// SPDX-License-Identifier: MIT
#include "subject_of.hpp"
#include "typegrad/cuda.cuh"

namespace tg::test {

template Steps<float> lenet_steps<Cuda>(const std::string&);

}  // namespace tg::test
