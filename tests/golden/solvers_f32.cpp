// Ten steps with every solver in float.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct Tiny : Sequence<Input<6>, Linear<8>, Tanh, Linear<3>> {};

TEST_CASE("ten steps with every solver, f32", "[golden]") {
  check_run<Tiny, f32>(
      "sgd", Sgd{.learning_rate = 0.1, .momentum = 0.9, .weight_decay = 0.01, .nesterov = true});
  check_run<Tiny, f32>(
      "adam", Adam{.learning_rate = 0.02, .beta1 = 0.8, .beta2 = 0.99, .weight_decay = 0.01});
  check_run<Tiny, f32>("adamw", AdamW{.learning_rate = 0.02, .weight_decay = 0.1});
  check_run<Tiny, f32>(
      "rmsprop",
      RmsProp{.learning_rate = 0.01, .smoothing = 0.9, .weight_decay = 0.01, .momentum = 0.5});
  check_run<Tiny, f32>("adagrad",
                       Adagrad{.learning_rate = 0.1, .rate_decay = 0.05, .weight_decay = 0.01});
}

}  // namespace tg::test
