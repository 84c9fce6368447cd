// Relu, LeakyRelu, Tanh and Sigmoid on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"

namespace tg::test {

TEMPLATE_TEST_CASE("activations by sign and squashing", "[backends]", Relu, LeakyRelu<>,
                   LeakyRelu<0.3>, Tanh, Sigmoid) {
  check_layer<TestType, 3, 7>();
}

}  // namespace tg::test
