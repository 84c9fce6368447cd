// Networks that are not chains: values and gradients where branches part and meet.
// SPDX-License-Identifier: MIT
#include "subject.hpp"
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/frozen.hpp"
#include "typegrad/networks/graph.hpp"
#include "typegrad/networks/parallel.hpp"
#include "typegrad/networks/residual.hpp"
#include "typegrad/networks/tied.hpp"

namespace tg::test {
namespace {

using Square = Conv<3, 3, padding<1>>;
struct Block {
  static constexpr Var define(Scope& s, Var x) {
    const Var y = s.layer<"bn", BatchNorm<>>(s.layer<"conv", Conv<4, 3, stride<2>, padding<1>>>(x));
    return tanh(y + s.layer<"around", Conv<4, 1, stride<2>>>(x));
  }
};

}  // namespace

TEST_CASE("a graph of images", "[backends]") {
  check_layer<
      Graph<Inputs<"x">, Node<"stem", Square, "x">, Node<"branch", Sequence<Tanh, Square>, "stem">,
            Node<"gate", Sequence<Square, Sigmoid>, "stem">,
            Node<"product", Multiply, "branch", "gate", "stem">,
            Node<"sum", Add, "product", "stem", "x">>,
      3, 5, 5>();
}

TEST_CASE("residuals and branches", "[backends]") {
  check_layer<
      Sequence<Residual<Linear<5>, Tanh>, Residual<Shortcut<Linear<4>>, Linear<6>, Tanh, Linear<4>>,
               Parallel<Add, Sequence<>, Linear<4>, Sequence<Tanh, Linear<4>>>>,
      5>();
}

TEST_CASE("branches one after the other", "[backends]") {
  check_layer<Sequence<Parallel<Conv<2, 1>, Sequence<>, Square>,
                       Parallel<Concatenate<2>, Tanh, Conv<8, 1>>>,
              3, 4, 4>();
}

TEST_CASE("a layer of layers, with BatchNorm", "[backends]") {
  check_layer<Sequence<Block, Flatten, Linear<3>>, 2, 6, 6>();
}

TEST_CASE("a matrix in two places", "[backends]") {
  check_layer<
      Sequence<Tied<"w", Linear<5>>, Tanh, Tied<"w", Linear<5>>, Tied<"w", Linear<5, no_bias>>>,
      5>();
}

TEST_CASE("gradients flow through what is frozen", "[backends]") {
  check_layer<Sequence<Linear<6>, Tanh, Frozen<Sequence<Linear<4>, BatchNorm<>>>, Linear<3>>, 5>();
}

TEST_CASE("branches in inference, one sample at a time too", "[backends]") {
  using Net =
      Sequence<Residual<Square, Relu>, Parallel<Multiply, Square, Sigmoid>, Flatten, Linear<4>>;
  check_inference<Net, 3, 5, 5>();
  check_latency<Net, 3, 5, 5>();
}

}  // namespace tg::test
