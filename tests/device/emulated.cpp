// The programs on the emulated GPU, in the place of the GPU's.
// SPDX-License-Identifier: MIT
#include "subject_of.hpp"
#include "typegrad/backends/cuda/steps.hpp"
#include "typegrad/backends/emulator/gpu.hpp"

namespace tg {

struct Cuda : cuda::Table {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, emulator::Device>;
  using Memory = cuda::DeviceMemory<emulator::Device>;
};

namespace test {

template std::vector<float> masks<Cuda>();
template std::vector<float> trained<Cuda>();
template Steps<float> lenet_steps<Cuda>(const std::string&);
template std::vector<float> wide_layer<Cuda>(int);
template std::vector<float> wide_layer_in_half<Cuda>(int);

const int many_samples = 9;

}  // namespace test
}  // namespace tg
