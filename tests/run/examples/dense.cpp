// Every pass leaves the numbers of `hello_network`, `mnist` and `custom_layer` as they were.
// SPDX-License-Identifier: MIT
#include "tests/run/examples/passes.hpp"
#include "typegrad/runtime/verify_gradient.hpp"

namespace {
namespace hello_network {
#include "examples/01_hello_network.cpp"
}
namespace mnist {
#include "examples/02_mnist.cpp"
}
namespace custom_layer {
#include "examples/04_custom_layer.cpp"
using Network = tg::Sequence<tg::Input<1, 28, 28>, tg::Flatten, Swiglu<64>, tg::Linear<10>>;
}  // namespace custom_layer
}  // namespace

namespace tg::test {

TEST_CASE("the passes of a first network", "[examples]") {
  check_network<hello_network::Network>();
}
TEST_CASE("the passes of a perceptron with dropout", "[examples]") {
  check_network<mnist::Perceptron>();
}
TEST_CASE("the passes of a layer of one's own", "[examples]") {
  check_network<custom_layer::Network>();
}

}  // namespace tg::test
