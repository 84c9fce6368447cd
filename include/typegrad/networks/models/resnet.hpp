// Residual networks, with the names of torchvision.
// SPDX-License-Identifier: MIT
#pragma once

#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/fillers/he.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg {

namespace networks {

template <int Channels, auto KernelSize, auto... Options>
using PlainConv = Conv<Channels, KernelSize, no_bias, filler<He, Fan::out>, Options...>;

// What goes around a block: x, or its projection where the block changes the shape.
template <int Channels, int Stride>
constexpr Var shortcut(Scope& s, Var x) {
  using Projection = Sequence<PlainConv<Channels, 1, stride<Stride>>, BatchNorm<>>;
  if (Stride == 1 && x.shape()[0] == Channels) return x;
  return s.layer<"downsample", Projection>(x);
}

}  // namespace networks

namespace models {

// Two convolutions of 3 x 3 and what goes around them (He et al., "Deep residual learning for image
// recognition", 2015). x (C, H, W) -> (Channels, H / Stride, W / Stride).
template <int Channels, int Stride = 1>
struct BasicBlock {
  static constexpr Var define(Scope& s, Var x) {
    using networks::PlainConv;
    Var y = s.layer<"conv1", PlainConv<Channels, 3, stride<Stride>, padding<1>>>(x);
    y = relu(s.layer<"bn1", BatchNorm<>>(y));
    y = s.layer<"conv2", PlainConv<Channels, 3, padding<1>>>(y);
    y = s.layer<"bn2", BatchNorm<>>(y);
    return relu(y + networks::shortcut<Channels, Stride>(s, x));
  }
};

// Convolutions of 1 x 1, 3 x 3 (which has the stride) and 1 x 1. x (C, H, W) -> (4 Channels, …).
template <int Channels, int Stride = 1>
struct Bottleneck {
  static constexpr Var define(Scope& s, Var x) {
    using networks::PlainConv;
    Var y = s.layer<"conv1", PlainConv<Channels, 1>>(x);
    y = relu(s.layer<"bn1", BatchNorm<>>(y));
    y = s.layer<"conv2", PlainConv<Channels, 3, stride<Stride>, padding<1>>>(y);
    y = relu(s.layer<"bn2", BatchNorm<>>(y));
    y = s.layer<"conv3", PlainConv<4 * Channels, 1>>(y);
    y = s.layer<"bn3", BatchNorm<>>(y);
    return relu(y + networks::shortcut<4 * Channels, Stride>(s, x));
  }
};

// How images come in: a quarter as wide, for large ones.
struct LargeStem {
  template <int Channels>
  static constexpr Var define(Scope& s, Var x) {
    x = s.layer<"conv1", networks::PlainConv<Channels, 7, stride<2>, padding<3>>>(x);
    x = relu(s.layer<"bn1", BatchNorm<>>(x));
    return s.layer<"maxpool", MaxPool<3, stride<2>, padding<1>>>(x);
  }
};
// As wide as they are, for small ones (section 4.2 of the paper).
struct SmallStem {
  template <int Channels>
  static constexpr Var define(Scope& s, Var x) {
    x = s.layer<"conv1", networks::PlainConv<Channels, 3, padding<1>>>(x);
    return relu(s.layer<"bn1", BatchNorm<>>(x));
  }
};

// Stages of `Blocks` blocks each; every stage after the first halves the image and doubles the
// channels. Then the mean of each channel, and scores of classes. Parameters are called as
// torchvision's: "layer1.0.conv1.weight", "fc.bias".
template <class In, int Classes, class Stem, template <int, int> class Block, int Channels,
          int... Blocks>
struct ResNet {
  static_assert(sizeof...(Blocks) >= 1 && sizeof...(Blocks) <= 4,
                "a tg::models::ResNet has 1 to 4 stages");

  static constexpr int blocks_of(int stage) {
    for (int blocks : {Blocks...})
      if (stage-- == 0) return blocks;
    return 0;
  }

  template <int Index>
  struct Stage {
    static constexpr Var define(Scope& s, Var x) {
      constexpr int channels = Channels << Index;
      x = s.layer<Block<channels, Index == 0 ? 1 : 2>>(0, x);
      for (int i = 1; i < blocks_of(Index); ++i) x = s.layer<Block<channels, 1>>(i, x);
      return x;
    }
  };

  static constexpr Var define(Scope& s) {
    Var x = Stem::template define<Channels>(s, In::define(s));
    x = s.layer<"layer1", Stage<0>>(x);
    if constexpr (sizeof...(Blocks) > 1) x = s.layer<"layer2", Stage<1>>(x);
    if constexpr (sizeof...(Blocks) > 2) x = s.layer<"layer3", Stage<2>>(x);
    if constexpr (sizeof...(Blocks) > 3) x = s.layer<"layer4", Stage<3>>(x);
    x = s.layer<"avgpool", GlobalAveragePool>(x);
    return s.layer<"fc", Linear<Classes>>(x);
  }
};

// 11,689,512, 21,797,672 and 25,557,032 parameters for (3, 224, 224) and 1000 classes.
template <class In = Input<3, 224, 224>, int Classes = 1000, class Stem = LargeStem>
struct ResNet18 : ResNet<In, Classes, Stem, BasicBlock, 64, 2, 2, 2, 2> {};
template <class In = Input<3, 224, 224>, int Classes = 1000, class Stem = LargeStem>
struct ResNet34 : ResNet<In, Classes, Stem, BasicBlock, 64, 3, 4, 6, 3> {};
template <class In = Input<3, 224, 224>, int Classes = 1000, class Stem = LargeStem>
struct ResNet50 : ResNet<In, Classes, Stem, Bottleneck, 64, 3, 4, 6, 3> {};

// The paper's network for small images with n = 1: three stages of 16, 32 and 64 channels.
template <class In = Input<3, 32, 32>, int Classes = 10>
struct ResNet8 : ResNet<In, Classes, SmallStem, BasicBlock, 16, 1, 1, 1> {};

}  // namespace models
}  // namespace tg
