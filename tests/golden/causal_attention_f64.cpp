// Ten steps of a network with causal attention in double.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct WithCausalAttention
    : Sequence<Input<5, 6>, Linear<8>, MultiHeadAttention<2, causal>, Flatten, Linear<3>> {};

TEST_CASE("ten steps of a network with causal attention, f64", "[golden]") {
  check_run<WithCausalAttention, f64>("causal_attention",
                                      Sgd{.learning_rate = 0.1, .momentum = 0.9});
}

}  // namespace tg::test
