// The programs on the GPU.
// SPDX-License-Identifier: MIT
#include "subject_of.hpp"
#include "typegrad/cuda.cuh"

namespace tg::test {

template std::vector<float> masks<Cuda>();
template std::vector<float> trained<Cuda>();
template std::vector<float> large_product<Cuda>();
template Steps<float> lenet_steps<Cuda>(const std::string&);

}  // namespace tg::test
