// Ten steps of a network with attention in double.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct WithAttention : Sequence<Input<5, 6>, Linear<8>, MultiHeadAttention<2>, Flatten, Linear<3>> {
};

TEST_CASE("ten steps of a network with attention, f64", "[golden]") {
  check_run<WithAttention, f64>("attention", Sgd{.learning_rate = 0.1, .momentum = 0.9});
}

}  // namespace tg::test
