// MaxPool on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/pools.hpp"

namespace tg::test {

TEST_CASE("MaxPool", "[backends]") {
  check_layer<MaxPool<2>, 3, 6, 8>();
  check_layer<MaxPool<2, tg::truncate>, 2, 5, 7>();
}

TEST_CASE("MaxPool with overlapping, padded and rectangular windows", "[backends]") {
  check_layer<MaxPool<3, stride<2>, padding<1>>, 2, 7, 9>();
  check_layer<MaxPool<kernel<3, 2>, stride<1, 2>>, 2, 5, 6>();
}

}  // namespace tg::test
