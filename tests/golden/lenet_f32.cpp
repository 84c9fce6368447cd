// Ten steps of LeNet in float.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "lenet.hpp"

namespace tg::test {

TEST_CASE("ten steps of LeNet, f32", "[golden]") {
  check_run<LeNet, f32>("lenet", Sgd{.learning_rate = 0.05, .momentum = 0.9});
}

}  // namespace tg::test
