// The example's exercises: orthogonal first values, and momentum.
// SPDX-License-Identifier: MIT
#include "models.hpp"

TEST_CASE("a language model from orthogonal matrices, by momentum") {
  using namespace tg;
  test::check_model<Lstm<24, recurrent_filler<Orthogonal>, forget_bias<1>>>(
      Sgd{.learning_rate = 0.1, .momentum = 0.9});
}
