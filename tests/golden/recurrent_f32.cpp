// Recurrent layers in single precision.
// SPDX-License-Identifier: MIT
#include "recurrent.hpp"

namespace tg::test {

TEST_CASE("recurrent layers and their gradients, f32", "[golden]") {
  check_recurrent_layers<f32>();
}

}  // namespace tg::test
