// Linear on the CPU backend.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/linear.hpp"

#include "subject.hpp"

namespace tg::test {

TEST_CASE("Linear", "[backends]") {
  check_layer<Linear<5>, 12>();
  check_layer<Linear<1, no_bias>, 1>();
  check_layer<Linear<17>, 33>();
}

}  // namespace tg::test
