// Ten steps of an encoder layer, norms first in float.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct WithNormsFirst
    : Sequence<Input<5, 6>, Linear<8>,
               TransformerEncoderLayer<2, 12, dropout<0.0>, norm_first, activation<Gelu>>, Flatten,
               Linear<3>> {};

TEST_CASE("ten steps of an encoder layer, norms first, f32", "[golden]") {
  check_run<WithNormsFirst, f32>("encoder_norm_first", Sgd{.learning_rate = 0.1, .momentum = 0.9});
}

}  // namespace tg::test
