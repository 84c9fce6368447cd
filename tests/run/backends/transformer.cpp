// A Transformer's encoder layers on the CPU backend.
// SPDX-License-Identifier: MIT
#include "typegrad/networks/transformer.hpp"

#include "subject.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

TEST_CASE("an encoder layer", "[backends]") { check_layer<TransformerEncoderLayer<2, 12>, 5, 8>(); }

TEST_CASE("encoder layers, norms first", "[backends]") {
  using Layer = TransformerEncoderLayer<2, 7, norm_first, activation<Gelu>, dropout<0.0>, causal>;
  check_layer<Sequence<Layer, Layer>, 3, 4>();
}

TEST_CASE("an encoder layer, without training", "[backends]") {
  check_inference<TransformerEncoderLayer<2, 12, causal>, 5, 8>();
  check_latency<TransformerEncoderLayer<2, 12>, 5, 8>();
}

}  // namespace tg::test
