// What a backend makes of programs that all backends have: nvcc compiles those of the GPU.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/golden/steps.hpp"

namespace tg::test {

// Random numbers and Dropout's masks of some calls.
template <class Backend>
std::vector<float> masks();

// Losses of some steps of a convolutional network with Dropout, and its parameters then.
template <class Backend>
std::vector<float> trained();

// A product that is large enough for a library: 64 numbers of each of 512 samples, their sum, and
// its gradient with respect to the matrix.
template <class Backend>
std::vector<float> large_product();

// The ten steps of LeNet that begin with the parameters in `file`.
template <class Backend>
Steps<float> lenet_steps(const std::string& file);

}  // namespace tg::test
