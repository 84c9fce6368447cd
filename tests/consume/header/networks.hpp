// The networks that are written as headers: together every op that can be.
#pragma once
#include <typegrad/typegrad.hpp>

// clang-format off
using LeNet = tg::Sequence<tg::Input<1, 28, 28>,
    tg::Conv<6, 5, tg::padding<2>>, tg::Relu, tg::MaxPool<2>,
    tg::Conv<16, 5>,                tg::Relu, tg::MaxPool<2>,
    tg::Flatten, tg::Linear<120>, tg::Relu, tg::Linear<84>, tg::Relu, tg::Linear<10>>;

using Small = tg::Sequence<tg::Input<1, 6, 6>,
    tg::Conv<2, 3>, tg::LeakyRelu<0.1>, tg::MaxPool<2>, tg::Flatten, tg::Linear<3>>;

using Normalised = tg::Sequence<tg::Input<4, 9, 11>,
    tg::Conv<8, 3, tg::padding<2>, tg::stride<2>, tg::dilation<2>, tg::groups<2>>, tg::BatchNorm<>,
    tg::Residual<tg::Relu, tg::Dropout<0.5>, tg::Conv<8, 3, tg::padding<1>, tg::groups<8>>, tg::BatchNorm<>>,
    tg::GroupNorm<2>, tg::Sigmoid, tg::AveragePool<3, tg::stride<1>, tg::padding<1>>,
    tg::MaxPool<3, tg::stride<2>, tg::padding<1>>, tg::Flatten,
    tg::Linear<8>, tg::LayerNorm<>, tg::Tanh, tg::Linear<6>, tg::Reshape<2, 3>, tg::Softmax>;

using Branched = tg::Graph<
    tg::Node<"image", tg::Input<3, 6, 6>>, tg::Node<"mask", tg::Input<3, 6, 6>>,
    tg::Node<"both",  tg::Multiply, "image", "mask">,
    tg::Node<"wide",  tg::Parallel<tg::Conv<4, 1>, tg::Sequence<tg::Conv<2, 3, tg::padding<1>>, tg::Silu>>, "both">,
    tg::Node<"pool",  tg::GlobalAveragePool, "wide">,
    tg::Node<"class", tg::Sequence<tg::Linear<5>, tg::LogSoftmax>, "pool">,
    tg::Outputs<"class", "wide">>;

using Attention = tg::Sequence<tg::Input<5, 8>, tg::TransformerEncoderLayer<2, 12, tg::activation<tg::Gelu>>>;

// Without anything between its input and its output.
using Bare = tg::Sequence<tg::Input<2, 3>, tg::Flatten>;

using Growing = tg::Sequence<tg::Input<2, 4, 5>, tg::Pad<1>, tg::ConvTranspose<4, 3, tg::stride<2>, tg::padding<1>, tg::groups<2>>,
    tg::Softplus, tg::Upsample<2>>;
// clang-format on

// What moves numbers and looks along axes, as a layer of its own.
struct Turns {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {  // (4, 6)
    const tg::Var turned = transpose(x);                    // (6, 4)
    const tg::Var part = slice(turned, 1, 1, 3);            // (6, 3)
    const tg::Var top = max(part, 0), most = cast(argmax(part, 1), x.dtype());
    const tg::Var rest = atan(mod(3 * grad_scale(sum(part, 1), 2), 0.7));
    return tg::concatenate({top, most, sum(part, 1), flip(floor(4 * top), 0), rest});
  }
};
using Moves = tg::Sequence<tg::Input<4, 6>, Turns>;
