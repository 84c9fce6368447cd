// Conv on the CPU backend: windows in the padding, elements in no window, dilation by rows alone.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/conv.hpp"

namespace tg::test {

TEST_CASE("Conv with windows wholly in the padding", "[backends]") {
  check_layer<Conv<2, 1, padding<2>>, 1, 3, 3>();
  check_layer<Conv<2, 4, padding<3>>, 1, 2, 2>();
}

TEST_CASE("Conv that leaves rows and columns out", "[backends]") {
  check_layer<Conv<2, 2, stride<3>>, 1, 4, 4>();
}

TEST_CASE("Conv with everything at once", "[backends]") {
  check_layer<Conv<4, kernel<2, 3>, stride<3, 2>, padding<0, 3>, dilation<4, 2>, groups<2>>, 2, 11,
              8>();
}

}  // namespace tg::test
