// Layers in half precision against the reference that rounds where memory does.
// SPDX-License-Identifier: MIT
#include "rounded.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"

namespace tg::test {

TEST_CASE("Element-wise work and products in half", "[half]") {
  check_half_layer<Linear<5>, 12>();
  check_half_layer<Linear<33>, 70>();
  check_half_layer<Tanh, 21>();
  check_half_layer<Sequence<Linear<9>, Gelu, Linear<4>>, 6>();
}

TEST_CASE("Convolutions and pools in half", "[half]") {
  check_half_layer<Conv<6, 3, padding<1>>, 3, 7, 7>();
  check_half_layer<MaxPool<2>, 3, 6, 6>();
  check_half_layer<AveragePool<3>, 2, 6, 6>();
}

}  // namespace tg::test
