// Loops on the CPU against the reference.
// SPDX-License-Identifier: MIT
#include "steps.hpp"

namespace tg::test {

TEST_CASE("a recurrence on the CPU") { check_layer<Recurrent<true>, 9, 2>(); }
TEST_CASE("its last state") { check_layer<Recurrent<false>, 9, 2>(); }
TEST_CASE("one sample at a time") {
  check_latency<Recurrent<true>, 9, 2>();
  check_latency<Recurrent<false>, 8, 2>();
}

}  // namespace tg::test
