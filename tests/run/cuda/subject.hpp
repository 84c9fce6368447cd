// A definition on the emulated GPU, against the reference.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/run/backends/subject.hpp"
#include "typegrad/backends/cuda/host.hpp"
#include "typegrad/backends/emulator/gpu.hpp"

namespace tg::test {

// The backend that the emulator is.
template <cuda::Kernels kernels = cuda::Kernels::of_steps>
struct Emulated {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, emulator::Device, kernels>;
};

template <class D, Purpose purpose = Purpose::inference,
          cuda::Kernels kernels = cuda::Kernels::of_steps>
using OnCuda = runtime::ProgramOf<D, purpose, f32, 0, Mode<>, Emulated<kernels>>;

// What stays of a definition when its type is forgotten.
struct OnDevice {
  void (*record)(ir::Recording&) = nullptr;  // in double, for the reference
  const cuda::Program<emulator::Device>* program = nullptr;
};
template <class D, Purpose purpose = Purpose::inference,
          cuda::Kernels kernels = cuda::Kernels::of_steps>
OnDevice kernels_of() {
  return {[](ir::Recording& recording) { recording = record<D>(purpose, f64); },
          &OnCuda<D, purpose, kernels>::program()};
}

// Every output, gradient and update is the reference's, for each number of samples; differences
// count in units of rounding of the largest number. The bits are the same for any number of blocks,
// and each call launches as many kernels as the program says.
void check_on_device(const OnDevice& subject, std::initializer_list<int> samples = {65, 1, 7, 64},
                     double units = 300);

}  // namespace tg::test
