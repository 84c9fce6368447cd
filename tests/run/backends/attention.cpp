// MultiHeadAttention on the CPU backend, masked and not.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/multi_head_attention.hpp"

namespace tg::test {

TEST_CASE("MultiHeadAttention", "[backends]") {
  check_layer<MultiHeadAttention<2>, 5, 8>();
  check_layer<MultiHeadAttention<1, no_bias>, 1, 3>();
}

TEST_CASE("MultiHeadAttention that is causal", "[backends]") {
  check_layer<MultiHeadAttention<3, causal>, 5, 6>();
}

TEST_CASE("MultiHeadAttention with dropout", "[backends]") {
  check_layer<MultiHeadAttention<2, dropout<0.3>, causal>, 4, 4>();
}

TEST_CASE("MultiHeadAttention, without training", "[backends]") {
  check_inference<MultiHeadAttention<4, causal, dropout<0.5>>, 9, 8>();
  check_latency<MultiHeadAttention<4, causal>, 9, 8>();
}

}  // namespace tg::test
