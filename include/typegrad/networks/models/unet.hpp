// A network from images to images: down, up again, and across on every level.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/conv_transpose.hpp"
#include "typegrad/layers/merges.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::models {

// Ronneberger et al., "U-Net: convolutional networks for biomedical image segmentation", 2015, with
// padding and BatchNorm. x (C, H, W), H and W multiples of 16 -> a score (Classes, H, W) for each
// pixel. 7,763,041 parameters for 3 channels, 1 class, 32 features.
template <class In = Input<3, 256, 256>, int Classes = 1, int Features = 32>
struct UNet {
  template <int Channels>
  using Twice = Sequence<Conv<Channels, 3, padding<1>, no_bias>, BatchNorm<>, Relu,
                         Conv<Channels, 3, padding<1>, no_bias>, BatchNorm<>, Relu>;
  template <int Channels>
  using Up = ConvTranspose<Channels, 2, stride<2>>;

  static constexpr Var define(Scope& s) {
    const auto down = [&](Var x) { return MaxPool<2>::define(s, x); };
    const auto join = [&](Var up, Var across) { return Concatenate<>::define(s, up, across); };
    const Var e1 = s.layer<"encoder1", Twice<Features>>(In::define(s));
    const Var e2 = s.layer<"encoder2", Twice<2 * Features>>(down(e1));
    const Var e3 = s.layer<"encoder3", Twice<4 * Features>>(down(e2));
    const Var e4 = s.layer<"encoder4", Twice<8 * Features>>(down(e3));
    Var x = s.layer<"bottleneck", Twice<16 * Features>>(down(e4));
    x = s.layer<"upconv4", Up<8 * Features>>(x);
    x = s.layer<"decoder4", Twice<8 * Features>>(join(x, e4));
    x = s.layer<"upconv3", Up<4 * Features>>(x);
    x = s.layer<"decoder3", Twice<4 * Features>>(join(x, e3));
    x = s.layer<"upconv2", Up<2 * Features>>(x);
    x = s.layer<"decoder2", Twice<2 * Features>>(join(x, e2));
    x = s.layer<"upconv1", Up<Features>>(x);
    x = s.layer<"decoder1", Twice<Features>>(join(x, e1));
    return s.layer<"conv", Conv<Classes, 1>>(x);
  }
};

}  // namespace tg::models
