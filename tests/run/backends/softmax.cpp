// Softmax and LogSoftmax on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"

namespace tg::test {

TEMPLATE_TEST_CASE("activations of a vector of classes", "[backends]", Softmax, LogSoftmax) {
  check_layer<TestType, 10>();
  check_layer<TestType, 3, 5>();
}

}  // namespace tg::test
