// Layers behind each other: gradients through all of them.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

TEST_CASE("a multilayer perceptron with Dropout", "[backends]") {
  check_layer<Sequence<Linear<20>, Relu, Dropout<0.3>, Linear<7>, Tanh, Linear<3>>, 13>();
}

TEST_CASE("a convolutional network", "[backends]") {
  check_layer<
      Sequence<Conv<3, 3, padding<1>>, Relu, MaxPool<2>, Conv<4, 3>, Sigmoid, Flatten, Linear<5>>,
      1, 8, 8>();
}

}  // namespace tg::test
