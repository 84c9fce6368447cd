// The shapes of what layers give and of what they train, against PyTorch's formulas.
// SPDX-License-Identifier: MIT
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/batch_norm.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/conv_transpose.hpp"
#include "typegrad/layers/dropout.hpp"
#include "typegrad/layers/embedding.hpp"
#include "typegrad/layers/fillers/constant.hpp"
#include "typegrad/layers/fillers/he.hpp"
#include "typegrad/layers/group_norm.hpp"
#include "typegrad/layers/layer_norm.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pad.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/rms_norm.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/layers/upsample.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

namespace tg::test {
namespace {

// One layer over an image of 4 channels, 9 x 12, or over a vector of 10.
template <class L>
inline constexpr Shape of_image = output_shape<Sequence<Input<4, 9, 12>, L>>;
template <class L>
inline constexpr Shape of_vector = output_shape<Sequence<Input<10>, L>>;
template <class L>
inline constexpr std::int64_t trained_on_image = parameter_count<Sequence<Input<4, 9, 12>, L>>;
template <class L>
inline constexpr std::int64_t trained_on_vector = parameter_count<Sequence<Input<10>, L>>;

static_assert(of_vector<Linear<7>> == Shape{7});
static_assert(trained_on_vector<Linear<7>> == 7 * 10 + 7);
static_assert(trained_on_vector<Linear<7, no_bias>> == 7 * 10);

static_assert(of_image<Conv<6, 3>> == Shape{6, 7, 10});
static_assert(of_image<Conv<6, 3, padding<1>>> == Shape{6, 9, 12});
static_assert(of_image<Conv<6, 3, half_padding>> == Shape{6, 9, 12});
static_assert(of_image<Conv<6, kernel<5, 3>, half_padding, dilation<2, 1>>> == Shape{6, 9, 12});
static_assert(of_image<Conv<6, 4, half_padding>> == Shape{6, 10, 13});
static_assert(of_image<DepthwiseConv<3, full_padding>> == Shape{4, 11, 14});
static_assert(of_image<Conv<6, kernel<2, 5>, full_padding, stride<2>>> == Shape{6, 5, 8});
static_assert(of_image<Conv<6, 3, padding<1>, stride<2>>> == Shape{6, 5, 6});
static_assert(of_image<Conv<6, 3, stride<2, 3>, padding<0, 1>>> == Shape{6, 4, 4});
static_assert(of_image<Conv<6, 3, dilation<2>>> == Shape{6, 5, 8});
static_assert(of_image<Conv<6, 3, dilation<4, 1>>> == Shape{6, 1, 10});
static_assert(of_image<Conv<6, kernel<1, 5>>> == Shape{6, 9, 8});
static_assert(of_image<Conv<8, kernel<9, 12>, groups<4>>> == Shape{8, 1, 1});
static_assert(trained_on_image<Conv<6, kernel<3, 5>>> == 6 * 4 * 3 * 5 + 6);
static_assert(trained_on_image<Conv<6, 3, groups<2>>> == 6 * 2 * 3 * 3 + 6);
static_assert(trained_on_image<Conv<8, 3, groups<4>, no_bias>> == 8 * 1 * 3 * 3);
// Options come in any order and are the same layer.
static_assert(of_image<Conv<6, 3, no_bias, dilation<2>, padding<2>, stride<3>>> ==
              of_image<Conv<6, 3, stride<3>, padding<2>, dilation<2>, filler<He, Fan::out>>>);

static_assert(of_image<DepthwiseConv<3, padding<1>, stride<2>>> == Shape{4, 5, 6});
static_assert(trained_on_image<DepthwiseConv<3>> == 4 * 3 * 3 + 4);
static_assert(trained_on_image<DepthwiseConv<3, no_bias>> == 4 * 3 * 3);

static_assert(of_image<ConvTranspose<6, 3>> == Shape{6, 11, 14});
static_assert(of_image<ConvTranspose<6, 2, stride<2>>> == Shape{6, 18, 24});
static_assert(of_image<ConvTranspose<6, 3, stride<2>, padding<1>, output_padding<1>>> ==
              Shape{6, 18, 24});
static_assert(of_image<ConvTranspose<6, kernel<3, 2>, dilation<2>, output_padding<0>>> ==
              Shape{6, 13, 14});
static_assert(trained_on_image<ConvTranspose<6, 3>> == 4 * 6 * 3 * 3 + 6);
static_assert(trained_on_image<ConvTranspose<6, 3, groups<2>, no_bias>> == 4 * 3 * 3 * 3);

static_assert(of_image<Upsample<2>> == Shape{4, 18, 24});
static_assert(of_image<Upsample<3, bilinear>> == Shape{4, 27, 36});
static_assert(of_image<Upsample<1, bilinear>> == Shape{4, 9, 12});
static_assert(of_image<Pad<1>> == Shape{4, 11, 14});
static_assert(of_image<Pad<1, 2>> == Shape{4, 11, 16});
static_assert(of_image<Pad<1, 2, 3, 0>> == Shape{4, 12, 15});

static_assert(of_image<MaxPool<3>> == Shape{4, 3, 4});
static_assert(of_image<MaxPool<kernel<3, 2>>> == Shape{4, 3, 6});
static_assert(of_image<MaxPool<3, stride<2>, padding<1>>> == Shape{4, 5, 6});
static_assert(of_image<MaxPool<2, tg::truncate>> == Shape{4, 4, 6});
static_assert(of_image<MaxPool<1, stride<4>>> == Shape{4, 3, 3});
static_assert(of_image<AveragePool<3, stride<3, 1>>> == Shape{4, 3, 10});
static_assert(of_image<GlobalAveragePool> == Shape{4});
static_assert(of_image<AdaptiveAveragePool<3>> == Shape{4, 3, 3});
static_assert(of_image<AdaptiveAveragePool<7, 5>> == Shape{4, 7, 5});

static_assert(output_shape<Sequence<Tokens<5>, Embedding<7, 3>>> == Shape{5, 3});
static_assert(output_shape<Sequence<Tokens<>, Embedding<7, 3>>> == Shape{3});
static_assert(input_shape<Sequence<Tokens<2, 5>, Embedding<7, 3>>> == Shape{2, 5});
static_assert(parameter_count<Sequence<Tokens<5>, Embedding<7, 3>>> == 7 * 3);

static_assert(of_image<Flatten> == Shape{4 * 9 * 12});
static_assert(of_vector<Flatten> == Shape{10});
static_assert(of_image<Reshape<12, 36>> == Shape{12, 36});
static_assert(of_image<Reshape<-1, 6>> == Shape{72, 6});
static_assert(of_image<Reshape<432>> == of_image<Flatten>);

template <class L>
inline constexpr bool keeps_shape =
    of_image<L> == Shape{4, 9, 12} && of_vector<L> == Shape{10} && trained_on_vector<L> == 0;
static_assert(keeps_shape<Relu> && keeps_shape<Relu6> && keeps_shape<LeakyRelu<>> &&
              keeps_shape<Tanh> && keeps_shape<Sigmoid> && keeps_shape<Softplus> &&
              keeps_shape<Gelu> && keeps_shape<Silu> && keeps_shape<Softmax> &&
              keeps_shape<LogSoftmax> && keeps_shape<Dropout<>> &&
              keeps_shape<BatchNorm<no_affine>> && keeps_shape<LayerNorm<no_affine>> &&
              keeps_shape<RmsNorm<no_affine>> && keeps_shape<GroupNorm<2, no_affine>>);

// Running statistics are no parameters.
static_assert(trained_on_image<BatchNorm<>> == 2 * 4 && trained_on_vector<BatchNorm<>> == 2 * 10);
static_assert(trained_on_image<LayerNorm<>> == 2 * 4 * 9 * 12);
static_assert(trained_on_image<LayerNorm<12>> == 2 * 12);
static_assert(trained_on_image<RmsNorm<9, 12>> == 9 * 12);
static_assert(trained_on_image<GroupNorm<2>> == 2 * 4);
static_assert(trained_on_image<LayerNorm<9, 12, epsilon<1e-3>>> == 2 * 9 * 12);

}  // namespace
}  // namespace tg::test
