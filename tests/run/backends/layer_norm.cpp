// LayerNorm on the CPU backend.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/layer_norm.hpp"

#include "subject.hpp"

namespace tg::test {

TEST_CASE("LayerNorm", "[backends]") {
  check_layer<LayerNorm<>, 12>();
  check_layer<LayerNorm<4, epsilon<1e-3>>, 3, 4>();
  check_layer<LayerNorm<no_affine>, 2, 3, 4>();
}

}  // namespace tg::test
