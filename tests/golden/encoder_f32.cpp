// Ten steps of an encoder layer in float.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct WithEncoder : Sequence<Input<5, 6>, Linear<8>, TransformerEncoderLayer<2, 12, dropout<0.0>>,
                              Flatten, Linear<3>> {};

TEST_CASE("ten steps of an encoder layer, f32", "[golden]") {
  check_run<WithEncoder, f32>("encoder", Sgd{.learning_rate = 0.1, .momentum = 0.9});
}

}  // namespace tg::test
