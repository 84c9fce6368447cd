// Softplus, Gelu and Silu on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"

namespace tg::test {

TEMPLATE_TEST_CASE("smooth activations", "[backends]", Softplus, Gelu, Silu) {
  check_layer<TestType, 21>();
}

}  // namespace tg::test
