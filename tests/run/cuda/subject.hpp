// A definition on the emulated GPU, against the reference.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/run/backends/subject.hpp"
#include "typegrad/backends/cuda/steps.hpp"
#include "typegrad/backends/emulator/gpu.hpp"

namespace tg::test {

// The backend that the emulator is.
template <cuda::Kernels kernels = cuda::Kernels::of_waves,
          cuda::Precision precision = cuda::Precision::f32>
struct Emulated : cuda::Table {
  template <class Source>
  using Lowered = cuda::LoweredFor<Source, emulator::Device, kernels, precision>;
  using Memory = cuda::DeviceMemory<emulator::Device>;
};

template <class D, Purpose purpose = Purpose::inference,
          cuda::Kernels kernels = cuda::Kernels::of_waves, DType dtype = f32>
using OnCuda = runtime::ProgramOf<D, purpose, dtype, 0, Mode<>, Emulated<kernels>>;

// What stays of a definition when its type is forgotten.
template <class T>
struct OnDevice {
  void (*record)(ir::Recording&) = nullptr;  // in double, for the reference
  const cuda::Program<emulator::Device, T>* program = nullptr;
};
template <class D, Purpose purpose = Purpose::inference,
          cuda::Kernels kernels = cuda::Kernels::of_waves, DType dtype = f32>
OnDevice<element_t<dtype>> kernels_of() {
  return {[](ir::Recording& recording) { recording = record<D>(purpose, f64); },
          &OnCuda<D, purpose, kernels, dtype>::program()};
}

// Every output, gradient and update is the reference's, for each number of samples; differences
// count in units of rounding of the largest number. The bits are the same for any number of blocks,
// and each call launches as many kernels as the program says.
template <class T>
void check_on_device(const OnDevice<T>& subject,
                     std::initializer_list<int> samples = {65, 1, 7, 64}, double units = 300);

// Two ways to run a definition have the same bits.
void check_same_bits(const OnDevice<float>& a, const OnDevice<float>& b, int samples);

}  // namespace tg::test
