// The example's exercises: another cell.
// SPDX-License-Identifier: MIT
#include "models.hpp"

TEST_CASE("a language model of a GRU") {
  using namespace tg;
  test::check_model<Gru<24>>(Adam{.learning_rate = 0.01});
}
