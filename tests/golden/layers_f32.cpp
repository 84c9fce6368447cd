// Single layers in single precision.
// SPDX-License-Identifier: MIT
#include "layers.hpp"

namespace tg::test {

TEST_CASE("layers and their gradients, f32", "[golden]") { check_layers<f32>(); }

}  // namespace tg::test
