// Training steps of small networks on the emulated GPU: losses and every gradient.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/training/step.hpp"

namespace tg::test {
namespace {

using LeNet = Sequence<Input<1, 10, 10>, Conv<3, 3, padding<1>>, Relu, MaxPool<2>, Conv<4, 2>, Relu,
                       MaxPool<2>, Flatten, Linear<7>, Relu, Linear<3>>;
using cuda::Kernels;
using Step = fitting::TrainingStep<LeNet, CrossEntropy>;

}  // namespace

TEST_CASE("a step of a convolutional network") {
  check_on_device(kernels_of<Step, Purpose::training>());
}
TEST_CASE(
    "a launch for each wave, or one for all of them, has the same bits as one for each step") {
  const auto steps = kernels_of<Step, Purpose::training, Kernels::of_steps>();
  check_same_bits(steps, kernels_of<Step, Purpose::training>(), 65);
  check_same_bits(steps, kernels_of<Step, Purpose::training, Kernels::one>(), 65);
  check_same_bits(steps, kernels_of<Step, Purpose::training, Kernels::one>(), 2);
}
TEST_CASE("launches are a constant of the program") {
  static_assert(OnCuda<Step, Purpose::training, Kernels::of_steps>::Plan::L::launches == 32);
  static_assert(OnCuda<Step, Purpose::training>::Plan::L::launches == 14);
  static_assert(OnCuda<Step, Purpose::training, Kernels::one>::Plan::L::launches == 1);
}
TEST_CASE("a step with BatchNorm, which waits for all samples") {
  check_on_device(
      kernels_of<Probe<Sequence<Conv<3, 3, no_bias>, BatchNorm<>, Relu, MaxPool<2>, Flatten,
                                Linear<6, no_bias>, BatchNorm<>, Tanh, Linear<3>>,
                       1, 6, 6>,
                 Purpose::training>(),
      {65, 2, 64}, 2000);
}

}  // namespace tg::test
