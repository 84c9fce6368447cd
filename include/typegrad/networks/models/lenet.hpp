// The convolutional network that read digits first.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::models {

// LeNet-5 (LeCun et al., "Gradient-based learning applied to document recognition", 1998) as it is
// written today: Relu, maxima, 61,706 parameters for images (1, 28, 28).
template <class In = Input<1, 28, 28>, int Classes = 10>
struct LeNet : Sequence<In, Conv<6, 5, padding<2>>, Relu, MaxPool<2>, Conv<16, 5>, Relu, MaxPool<2>,
                        Flatten, Linear<120>, Relu, Linear<84>, Relu, Linear<Classes>> {};

}  // namespace tg::models
