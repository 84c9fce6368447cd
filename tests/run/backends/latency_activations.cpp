// Activations and normalisations of one sample at a time.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/layer_norm.hpp"

namespace tg::test {

TEMPLATE_TEST_CASE("activations, one sample at a time", "[backends]", Relu, LeakyRelu<>, Tanh,
                   Sigmoid, Softplus, Gelu, Silu, Softmax, LogSoftmax) {
  check_latency<TestType, 3, 7>();
}

TEST_CASE("normalisations, one sample at a time", "[backends]") {
  check_latency<BatchNorm<>, 3, 4, 5>();
  check_latency<LayerNorm<>, 3, 7>();
  check_latency<LayerNorm<7>, 3, 7>();
}

}  // namespace tg::test
