// Linear of the tokens of a sample, each by itself, on the CPU backend.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {

TEST_CASE("Linear of tokens", "[backends]") {
  check_layer<Linear<5>, 7, 12>();
  check_layer<Linear<1, no_bias>, 1, 1>();
  check_layer<Linear<33>, 3, 18>();
}

TEST_CASE("Linear of tokens, without training", "[backends]") {
  check_inference<Sequence<Linear<20>, Relu, Linear<3>>, 13, 4>();
  check_latency<Linear<33>, 3, 18>();
  check_latency<Sequence<Linear<20>, Relu, Linear<3>>, 13, 4>();
}

}  // namespace tg::test
