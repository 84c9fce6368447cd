// Dropout on the CPU backend: the reference's masks.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/dropout.hpp"

#include "subject.hpp"

namespace tg::test {

TEST_CASE("Dropout", "[backends]") {
  check_layer<Dropout<>, 13>();
  check_layer<Dropout<0.2>, 2, 3, 4>();
}

}  // namespace tg::test
