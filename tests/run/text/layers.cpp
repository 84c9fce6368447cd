// The example's exercises: a layer more, in the memory and behind it.
// SPDX-License-Identifier: MIT
#include "models.hpp"

TEST_CASE("a language model of more layers") {
  using namespace tg;
  using Head = Sequence<Linear<32>, Relu, Linear<example::alphabet.size()>>;
  test::check_model<Lstm<20, stacked<2>>, Adam, Head>(Adam{.learning_rate = 0.01});
}
