// Normalisations in half precision: their sums are float.
// SPDX-License-Identifier: MIT
#include "rounded.hpp"
#include "typegrad/layers/all.hpp"

namespace tg::test {

TEST_CASE("Normalisations in half", "[half]") {
  check_half_layer<BatchNorm<>, 3, 4, 4>(8);
  check_half_layer<LayerNorm<>, 17>(8);
  check_half_layer<GroupNorm<2>, 4, 3, 3>(8);
}

TEST_CASE("Dropout in half: random numbers are float", "[half]") {
  check_half_layer<Dropout<0.3>, 40>();
}

}  // namespace tg::test
