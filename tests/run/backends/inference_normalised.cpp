// BatchNorm and LayerNorm outside of training.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/layer_norm.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

TEST_CASE("BatchNorm, without training", "[backends]") {
  check_inference<BatchNorm<>, 5>();
  check_inference<BatchNorm<no_affine>, 3, 4, 5>();
}

TEST_CASE("LayerNorm, without training", "[backends]") {
  check_inference<Sequence<Linear<9>, LayerNorm<>, Linear<4>>, 6>();
}

}  // namespace tg::test
