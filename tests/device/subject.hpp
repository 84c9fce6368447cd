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

// A layer's answers and its weights' gradient, whose products are the device's library's where
// there are many samples; and what operations of a user's own give.
template <class Backend>
std::vector<float> wide_layer(int samples);

// Answers of such a layer in half precision.
template <class Backend>
std::vector<float> wide_layer_in_half(int samples);

// As many samples as the backend under test has the time for: on a GPU a product of the layer above
// is large then (backends/cuda/large_product.hpp).
extern const int many_samples;

}  // namespace tg::test
