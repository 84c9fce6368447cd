// BatchNorm in training on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/batch_norm.hpp"

namespace tg::test {

TEST_CASE("BatchNorm of vectors, in training", "[backends]") { check_layer<BatchNorm<>, 5>(); }

TEST_CASE("BatchNorm of images, in training", "[backends]") {
  check_layer<BatchNorm<momentum<0.3>, epsilon<1e-3>>, 3, 4, 5>();
}

}  // namespace tg::test
