// The example's exercises: another nonlinearity.
// SPDX-License-Identifier: MIT
#include "models.hpp"

TEST_CASE("a language model of ReLUs") {
  using namespace tg;
  test::check_model<Rnn<24, activation<Relu>>>(Adam{.learning_rate = 0.005});
}
