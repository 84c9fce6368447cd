// Layers in half precision against the reference that rounds where memory does.
// SPDX-License-Identifier: MIT
#include "rounded.hpp"
#include "typegrad/layers/all.hpp"

namespace tg::test {

TEST_CASE("Element-wise work in half", "[half]") {
  check_half_layer<Tanh, 21>();
  check_half_layer<Gelu, 3, 4>();
}

TEST_CASE("Products of a matrix and a vector in half", "[half]") {
  check_half_layer<Linear<5>, 12>();
  check_half_layer<Linear<2, no_bias>, 3>();
  check_half_layer<Linear<33>, 130>();
}

TEST_CASE("Softmax in half", "[half]") {
  check_half_layer<Softmax, 11>();
  check_half_layer<LogSoftmax, 11>();
}

}  // namespace tg::test
