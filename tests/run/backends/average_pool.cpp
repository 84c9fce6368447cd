// AveragePool and GlobalAveragePool on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/pools.hpp"

namespace tg::test {

TEST_CASE("AveragePool", "[backends]") {
  check_layer<AveragePool<2>, 3, 6, 8>();
  check_layer<AveragePool<3, stride<2>, padding<1>>, 2, 7, 9>();
  check_layer<AveragePool<kernel<3, 2>, stride<1, 2>>, 2, 5, 6>();
}

TEST_CASE("GlobalAveragePool", "[backends]") { check_layer<GlobalAveragePool, 5, 3, 4>(); }

}  // namespace tg::test
