// A network of depthwise convolutions, for small machines.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg {

namespace networks {

template <int Channels, int Kernel, auto... Options>
using ConvNormRelu =
    Sequence<Conv<Channels, Kernel, padding<(Kernel - 1) / 2>, no_bias, Options...>, BatchNorm<>,
             Relu6>;

// Wider, each channel by itself, narrower again; x goes around where the shape stays.
template <int Inputs, int Outputs, int Stride, int Expansion>
struct InvertedResidual {
  static constexpr int wide = Inputs * Expansion;
  using Depthwise = ConvNormRelu<wide, 3, stride<Stride>, groups<wide>>;
  using Narrow = Conv<Outputs, 1, no_bias>;
  using Body = std::conditional_t<Expansion == 1, Sequence<Depthwise, Narrow, BatchNorm<>>,
                                  Sequence<ConvNormRelu<wide, 1>, Depthwise, Narrow, BatchNorm<>>>;

  static constexpr Var define(Scope& s, Var x) {
    const Var y = s.layer<"conv", Body>(x);
    return Stride == 1 && Inputs == Outputs ? x + y : y;
  }
};

}  // namespace networks

namespace models {

// Sandler et al., "MobileNetV2: inverted residuals and linear bottlenecks", 2018, of width 1:
// 3,504,872 parameters for 1000 classes. Parameters are called as
// torchvision.models.mobilenet_v2's: "features.1.conv.0.0.weight", "classifier.1.bias".
template <class In = Input<3, 224, 224>, int Classes = 1000>
struct MobileNetV2 {
  template <int Inputs, int Outputs, int Stride, int Expansion>
  using Block = networks::InvertedResidual<Inputs, Outputs, Stride, Expansion>;
  // clang-format off
  using Features = Sequence<networks::ConvNormRelu<32, 3, stride<2>>,
      Block<32, 16, 1, 1>,
      Block<16, 24, 2, 6>, Block<24, 24, 1, 6>,
      Block<24, 32, 2, 6>, Block<32, 32, 1, 6>, Block<32, 32, 1, 6>,
      Block<32, 64, 2, 6>, Block<64, 64, 1, 6>, Block<64, 64, 1, 6>, Block<64, 64, 1, 6>,
      Block<64, 96, 1, 6>, Block<96, 96, 1, 6>, Block<96, 96, 1, 6>,
      Block<96, 160, 2, 6>, Block<160, 160, 1, 6>, Block<160, 160, 1, 6>,
      Block<160, 320, 1, 6>,
      networks::ConvNormRelu<1280, 1>>;
  // clang-format on

  static constexpr Var define(Scope& s) {
    const Var x = s.layer<"features", Features>(In::define(s));
    return s.layer<"classifier", Sequence<Dropout<0.2>, Linear<Classes>>>(
        GlobalAveragePool::define(s, x));
  }
};

}  // namespace models
}  // namespace tg
