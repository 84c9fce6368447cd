// Attention in half precision, and training steps of whole networks.
// SPDX-License-Identifier: MIT
#include "rounded.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/training/step.hpp"

namespace tg::test {
namespace {

template <class Net>
using Step = fitting::TrainingStep<Net, CrossEntropy>;

}  // namespace

TEST_CASE("Attention in half", "[half]") { check_half_layer<MultiHeadAttention<2>, 6, 8>(8); }

TEST_CASE("Rows of a table in half, and their gradient", "[half]") {
  using Net = Sequence<Tokens<5>, Embedding<20, 18>, Flatten, Linear<3>>;
  check_rounding<Step<Net>, bf16, Purpose::training>(37, 8);
}

TEST_CASE("A step of LeNet in half", "[half]") {
  using Net = Sequence<Input<1, 12, 12>, Conv<6, 3>, Relu, MaxPool<2>, Flatten, Linear<20>, Relu,
                       Linear<3>>;
  check_rounding<Step<Net>, bf16, Purpose::training>(300, 8);
  check_rounding<Step<Net>, f16, Purpose::training>(300, 8);
}

}  // namespace tg::test
