// GroupNorm and RmsNorm on the CPU backend: their own groups and axes, their own gradients.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/group_norm.hpp"

#include "subject.hpp"
#include "typegrad/layers/rms_norm.hpp"

namespace tg::test {

TEST_CASE("GroupNorm", "[backends]") {
  check_layer<GroupNorm<2>, 4, 3, 2>();
  check_layer<GroupNorm<3, epsilon<1e-2>, no_affine>, 6>();
  check_latency<GroupNorm<4>, 4, 3, 3>();
}

TEST_CASE("RmsNorm", "[backends]") {
  check_layer<RmsNorm<7>, 3, 7>();
  check_layer<RmsNorm<epsilon<1e-2>, no_affine>, 2, 5>();
  check_latency<RmsNorm<>, 20>();
}

}  // namespace tg::test
