// Networks of one sample at a time.
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

TEST_CASE("Linear, one sample at a time", "[backends]") {
  check_latency<Linear<17>, 33>();
  check_latency<Linear<1, no_bias>, 1>();
}

TEST_CASE("a multilayer perceptron, one sample at a time", "[backends]") {
  check_latency<Sequence<Linear<20>, Relu, Dropout<>, Linear<7>, Softmax>, 13>();
}

TEST_CASE("a convolutional network, one sample at a time", "[backends]") {
  check_latency<Sequence<Conv<4, 3, padding<1>>, BatchNorm<>, Relu, MaxPool<2>, Flatten, Linear<5>,
                         Reshape<5, 1>>,
                2, 8, 8>();
}

}  // namespace tg::test
