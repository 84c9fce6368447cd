// A perceptron of several layers.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg {

namespace networks {

// Linear of each width after the layers that are there, with Relu between them.
template <class Before, int... Widths>
struct Perceptron;
template <class... Before, int Last>
struct Perceptron<Sequence<Before...>, Last> {
  using type = Sequence<Before..., Linear<Last>>;
};
template <class... Before, int First, int... Rest>
struct Perceptron<Sequence<Before...>, First, Rest...> {
  using type = typename Perceptron<Sequence<Before..., Linear<First>, Relu>, Rest...>::type;
};

}  // namespace networks

namespace models {

// Mlp<tg::Input<1, 28, 28>, 512, 512, 10>: x as a vector, then Linear with Relu between. Parameters
// are called as in torch.nn.Sequential(Flatten(), Linear(…), ReLU(), …): "1.weight".
template <class In, int... Widths>
struct Mlp : networks::Perceptron<Sequence<In, Flatten>, Widths...>::type {};

}  // namespace models
}  // namespace tg
