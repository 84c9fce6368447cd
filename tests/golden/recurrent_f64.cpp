// Recurrent layers in double precision.
// SPDX-License-Identifier: MIT
#include "recurrent.hpp"

namespace tg::test {

TEST_CASE("recurrent layers and their gradients, f64", "[golden]") {
  check_recurrent_layers<f64>();
}

}  // namespace tg::test
