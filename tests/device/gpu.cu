// The programs on the GPU, but for LeNet.
// SPDX-License-Identifier: MIT
#include "subject_of.hpp"
#include "typegrad/cuda.cuh"

namespace tg::test {

template std::vector<float> masks<Cuda>();
template std::vector<float> trained<Cuda>();
template std::vector<float> wide_layer<Cuda>(int);
template std::vector<float> wide_layer_in_half<Cuda>(int);

const int many_samples = 1024;

}  // namespace tg::test
