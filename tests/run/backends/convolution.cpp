// Conv on the CPU backend: padding, strides, rectangles.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/conv.hpp"

namespace tg::test {

TEST_CASE("Conv", "[backends]") {
  check_layer<Conv<4, 3>, 3, 8, 8>();
  check_layer<Conv<6, 5, padding<2>>, 1, 9, 9>();
}

TEST_CASE("Conv with strides and a rectangular kernel", "[backends]") {
  check_layer<Conv<3, kernel<3, 2>, stride<2, 3>, padding<1, 0>, no_bias>, 2, 9, 11>();
}

}  // namespace tg::test
