// Deep networks of small convolutions.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::models {

// VGG's configuration A (Simonyan, Zisserman, "Very deep convolutional networks for large-scale
// image recognition", 2015): 132,863,336 parameters for (3, 224, 224) and 1000 classes.
// Parameters are called as torchvision.models.vgg11's: "features.0.weight", "classifier.6.bias".
template <class In = Input<3, 224, 224>, int Classes = 1000>
struct Vgg11 {
  using Features =
      Sequence<Conv<64, 3, padding<1>>, Relu, MaxPool<2>, Conv<128, 3, padding<1>>, Relu,
               MaxPool<2>, Conv<256, 3, padding<1>>, Relu, Conv<256, 3, padding<1>>, Relu,
               MaxPool<2>, Conv<512, 3, padding<1>>, Relu, Conv<512, 3, padding<1>>, Relu,
               MaxPool<2>, Conv<512, 3, padding<1>>, Relu, Conv<512, 3, padding<1>>, Relu,
               MaxPool<2>>;
  using Classifier =
      Sequence<Linear<4096>, Relu, Dropout<0.5>, Linear<4096>, Relu, Dropout<0.5>, Linear<Classes>>;

  static constexpr Var define(Scope& s) {
    Var x = s.layer<"features", Features>(In::define(s));
    x = s.layer<"avgpool", AdaptiveAveragePool<7>>(x);
    return s.layer<"classifier", Classifier>(flatten(x));
  }
};

}  // namespace tg::models
