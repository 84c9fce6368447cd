// Single layers in double precision.
// SPDX-License-Identifier: MIT
#include "layers.hpp"

namespace tg::test {

TEST_CASE("layers and their gradients, f64", "[golden]") { check_layers<f64>(); }

}  // namespace tg::test
