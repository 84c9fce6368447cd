// BatchNorm between layers in training: the samples wait for each other, any number of them.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

TEST_CASE("a multilayer perceptron with BatchNorm", "[backends]") {
  const Definition subject =
      definition<Probe<Sequence<Linear<8, no_bias>, BatchNorm<>, Relu, Linear<6, no_bias>,
                                BatchNorm<no_affine>, Tanh, Linear<3>>,
                       5>,
                 Purpose::training>();
  check_against_differences(subject, 5);
  check_against_reference(
      subject, {130, 2, 3, 15, 16, 17, 31, 32, 33, 48, 63, 64, 65, 95, 96, 97, 127, 128, 129},
      2000);
}

TEST_CASE("a convolutional network with BatchNorm", "[backends]") {
  check_layer<Sequence<Conv<3, 3, no_bias>, BatchNorm<>, Relu, MaxPool<2>, Flatten, Linear<5>>, 1,
              8, 8>();
}

}  // namespace tg::test
