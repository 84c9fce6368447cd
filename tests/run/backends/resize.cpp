// Images made larger and smaller on the CPU backend: Upsample, Pad, AdaptiveAveragePool.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/pad.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/upsample.hpp"

namespace tg::test {

TEST_CASE("Upsample", "[backends]") {
  check_layer<Upsample<2>, 2, 3, 2>();
  check_layer<Upsample<3, nearest>, 1, 2, 3>();
  check_layer<Upsample<2, bilinear>, 2, 3, 4>();
  check_layer<Upsample<3, bilinear>, 1, 1, 3>();
}

TEST_CASE("Pad", "[backends]") { check_layer<Pad<1, 0, 2, 1>, 2, 2, 3>(); }

TEST_CASE("AdaptiveAveragePool", "[backends]") {
  check_layer<AdaptiveAveragePool<3, 2>, 2, 5, 4>();
  check_layer<AdaptiveAveragePool<2, 6>, 1, 4, 3>();
}

TEST_CASE("images resized one at a time", "[backends]") {
  check_latency<Upsample<2>, 2, 3, 2>();
  check_latency<Upsample<3>, 2, 3, 19>();
  check_latency<Upsample<2, bilinear>, 2, 3, 4>();
  check_latency<Pad<1, 0, 2, 1>, 2, 2, 3>();
  check_latency<AdaptiveAveragePool<3, 2>, 2, 5, 4>();
}

}  // namespace tg::test
