// Loops on the CPU: backwards, with checkpoints, truncated, written out.
// SPDX-License-Identifier: MIT
#include "steps.hpp"

namespace tg::test {

TEST_CASE("backwards, on the CPU") { check_layer<Recurrent<true, backwards>, 6, 2>(); }
TEST_CASE("checkpoints, on the CPU") {
  check_layer<Recurrent<true, checkpoint<3>>, 6, 2>();
  check_layer<Recurrent<false, checkpoint<1>, backwards>, 6, 2>();
}
TEST_CASE("truncated, on the CPU") {
  check_against_reference(
      definition<Probe<Recurrent<true, truncate_gradient<2>>, 6, 2>, Purpose::training>());
}
TEST_CASE("written out, on the CPU") { check_layer<Recurrent<true, unrolled>, 3, 2>(); }

}  // namespace tg::test
