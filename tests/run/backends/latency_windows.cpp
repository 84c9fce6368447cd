// Convolutions and pools of one sample at a time.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/pools.hpp"

namespace tg::test {

TEST_CASE("Conv, one sample at a time", "[backends]") {
  check_latency<Conv<6, 5, padding<2>>, 3, 9, 9>();
  check_latency<Conv<4, 3, groups<2>>, 4, 6, 5>();
  check_latency<Conv<4, kernel<2, 3>, stride<3, 2>, padding<0, 3>, dilation<4, 2>, groups<2>>, 2,
                11, 8>();
  check_latency<Conv<2, 4, padding<3>>, 1, 2, 2>();
}

TEST_CASE("pools, one sample at a time", "[backends]") {
  check_latency<MaxPool<2>, 3, 6, 8>();
  check_latency<MaxPool<3, stride<2>, padding<1>>, 2, 7, 9>();
  check_latency<AveragePool<3, stride<2>, padding<1>>, 2, 7, 9>();
  check_latency<GlobalAveragePool, 5, 3, 4>();
}

}  // namespace tg::test
