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

// The ten steps of LeNet that begin with the parameters in `file`.
template <class Backend>
Steps<float> lenet_steps(const std::string& file);

}  // namespace tg::test
