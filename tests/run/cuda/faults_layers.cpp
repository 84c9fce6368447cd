// Layers whose steps run kernels that faults are planted in.
// SPDX-License-Identifier: MIT
#include "faults_subjects.hpp"
#include "tests/run/scan/ending.hpp"
#include "tests/run/scan/steps.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/training/step.hpp"

namespace tg::test {
namespace {

using Dense = Linear<40>;
using Image = Sequence<Conv<4, 3, padding<1>>, MaxPool<2>, AveragePool<3>>;
using Plane = Conv<1, 2>;  // a sum over one channel is not divided among warps
using Deep = Linear<2>;    // its products' warps take their inputs in several stages

// Products that take several stages.
using Rounded = Probe<Linear<9>, 20>;
struct OfShared {
  static constexpr Var define(Scope& s) {
    const Var a = s.argument("a", {5, 20}), b = s.argument("b", {20, 70});
    return matmul(a, b);
  }
};
using OnTensorCores = Emulated<cuda::Kernels::of_steps, cuda::Precision::tf32>;

using Net = Sequence<Input<20>, Linear<10>, Relu, Linear<3>>;
using NetStep = fitting::TrainingStep<Net, CrossEntropy>;
using Loop = Probe<Recurrent<true>, 5, 2>;

template <class D>
OnDevice<float> on_tensor_cores() {
  return {[](ir::Recording& recording) { recording = record<D>(Purpose::training, f64); },
          &runtime::ProgramOf<D, Purpose::training, f32, 0, Mode<>, OnTensorCores>::program()};
}

}  // namespace

std::vector<OnDevice<float>> products_on_tensor_cores() {
  return {on_tensor_cores<Rounded>(), on_tensor_cores<OfShared>()};
}
std::vector<OnDevice<float>> programs_of_one_kernel() {
  return {kernels_of<NetStep, Purpose::training, cuda::Kernels::one>(),
          kernels_of<Loop, Purpose::training, cuda::Kernels::one>()};
}
OnDevice<float> program_that_ends() {
  return kernels_of<ending::Until<ending::Growing>, Purpose::inference, cuda::Kernels::one>();
}
std::vector<OnDevice<float>> layers_with_every_kernel() {
  return {kernels_of<Probe<Dense, 20>, Purpose::training, cuda::Kernels::of_steps>(),
          kernels_of<Probe<Image, 4, 6, 6>, Purpose::training, cuda::Kernels::of_steps>(),
          kernels_of<Probe<Plane, 1, 5, 5>, Purpose::training, cuda::Kernels::of_steps>(),
          kernels_of<Probe<Deep, 270>, Purpose::training, cuda::Kernels::of_steps>()};
}

}  // namespace tg::test
