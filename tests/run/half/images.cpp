// Convolutions, pools and what moves pixels, in half precision.
// SPDX-License-Identifier: MIT
#include "rounded.hpp"
#include "typegrad/layers/all.hpp"

namespace tg::test {

TEST_CASE("Convolutions in half", "[half]") {
  check_half_layer<Conv<6, 3, padding<1>>, 3, 7, 7>();
  check_half_layer<Conv<4, 3, stride<2>, groups<2>>, 2, 9, 9>();
  check_half_layer<ConvTranspose<3, 2, stride<2>>, 2, 4, 4>();
}

TEST_CASE("Pools in half", "[half]") {
  check_half_layer<MaxPool<2>, 3, 6, 6>();
  check_half_layer<MaxPool<3, stride<2>, padding<1>>, 2, 7, 7>();
  check_half_layer<AveragePool<3>, 2, 6, 6>();
}

TEST_CASE("Numbers that move in half", "[half]") {
  check_half_layer<Pad<1>, 2, 3, 3>();
  check_half_layer<Upsample<2>, 2, 3, 3>();
}

}  // namespace tg::test
