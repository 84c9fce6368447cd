// Ten steps of a network with BatchNorm in double.
// SPDX-License-Identifier: MIT
#include "golden.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {

struct Normalised
    : Sequence<Input<20>, Linear<16, no_bias>, BatchNorm<>, Relu, Dropout<0.0>, Linear<12, no_bias>,
               BatchNorm<epsilon<1e-3>, momentum<0.3>>, Relu, Linear<5>> {};

TEST_CASE("ten steps of a network with BatchNorm, f64", "[golden]") {
  check_run<Normalised, f64>("normalised", Adam{.learning_rate = 0.01});
}

}  // namespace tg::test
