// Ten steps of LeNet in double.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "lenet.hpp"

namespace tg::test {

TEST_CASE("ten steps of LeNet, f64", "[golden]") {
  check_run<LeNet, f64>("lenet", Sgd{.learning_rate = 0.05, .momentum = 0.9});
}

}  // namespace tg::test
