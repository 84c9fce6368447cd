// Conv on the CPU backend: groups and dilation.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/conv.hpp"

namespace tg::test {

TEST_CASE("Conv in groups", "[backends]") {
  check_layer<Conv<6, 3, groups<2>>, 4, 6, 5>();
  check_layer<Conv<8, 3, groups<4>, padding<1>>, 4, 5, 5>();  // a depthwise one
}

TEST_CASE("Conv with dilation", "[backends]") {
  check_layer<Conv<4, 3, dilation<2>, padding<2>>, 2, 8, 7>();
}

}  // namespace tg::test
