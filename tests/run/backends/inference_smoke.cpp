// Layers outside of training, where programs are arranged otherwise.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

TEST_CASE("a multilayer perceptron, without training", "[backends]") {
  check_inference<Sequence<Linear<20>, Relu, Dropout<>, Linear<7>, Softmax>, 13>();
}

TEST_CASE("a convolutional network, without training", "[backends]") {
  check_inference<
      Sequence<Conv<4, 3, padding<1>>, BatchNorm<>, Relu, MaxPool<2>, Flatten, Linear<5>>, 2, 8,
      8>();
}

}  // namespace tg::test
