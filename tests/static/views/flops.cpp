// The operations of a network, counted while it compiles.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/contracts.hpp"

namespace tg::test {
namespace {

// Two for each weight of a Linear, and nothing for its bias.
static_assert(flops<Sequence<Input<7>, Linear<5>>> == 2 * 7 * 5);
static_assert(flops<Sequence<Input<7>, Relu>> == 0);

// Two for each weight and position, those at the border of the image too.
static_assert(flops<Sequence<Input<3, 9, 8>, Conv<4, kernel<3, 5>, padding<1, 2>>>> ==
              2 * (4 * 9 * 8) * (3 * 3 * 5));
static_assert(flops<Sequence<Input<4, 9, 9>, Conv<8, 3, stride<2>, groups<2>>>> ==
              2 * (8 * 4 * 4) * (2 * 3 * 3));

using LeNet = Sequence<Input<1, 28, 28>, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>,
                       Relu, MaxPool<2>, Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<10>>;
static_assert(flops<LeNet> ==
              2 * (6 * 28 * 28 * 25 + 16 * 10 * 10 * 150 + 400 * 120 + 120 * 84 + 84 * 10));

// The same as layers of layers; two equal layers cost twice.
static_assert(flops<Sequence<Input<6>, Sequence<Linear<6>, Sequence<Relu, Linear<6>>>>> ==
              2 * 2 * 36);

// What samples share is computed once a call, and is not counted: here the product of two weights.
struct Factored {
  static constexpr Var define(Scope& s, Var x) {
    const Var left = s.parameter("left", {4, 2}, Zeros{}),
              right = s.parameter("right", {2, x.shape()[0]}, Zeros{});
    return matmul(matmul(left, right), x);
  }
};
static_assert(flops<Sequence<Input<9>, Factored>> == 2 * 4 * 9);

}  // namespace
}  // namespace tg::test
