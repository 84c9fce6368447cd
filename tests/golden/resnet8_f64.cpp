// Ten steps of a residual network in double.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/networks/models/resnet.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct Residual8 : models::ResNet8<Input<3, 8, 8>> {};

TEST_CASE("ten steps of ResNet-8, f64", "[golden]") {
  check_run<Residual8, f64>("resnet8", Sgd{.learning_rate = 0.01, .momentum = 0.9});
}

}  // namespace tg::test
