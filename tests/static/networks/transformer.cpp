// Transformers: shapes and numbers of parameters are PyTorch's.
// SPDX-License-Identifier: MIT
#include "typegrad/networks/transformer.hpp"

#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/runtime/contracts.hpp"

namespace tg::test {
namespace {

// sum(p.numel() for p in torch.nn.Linear(64, 10).parameters())
static_assert(parameter_count<Sequence<Input<7, 64>, Linear<10>>> == 650);
static_assert(output_shape<Sequence<Input<7, 64>, Linear<10>>> == Shape{7, 10});

// torch.nn.MultiheadAttention(64, 4): 16640, without bias 16384
using Tokens = Input<7, 64>;
static_assert(parameter_count<Sequence<Tokens, MultiHeadAttention<4>>> == 16640);
static_assert(parameter_count<Sequence<Tokens, MultiHeadAttention<4, no_bias>>> == 16384);
static_assert(parameter_count<Sequence<Tokens, MultiHeadAttention<4, causal, dropout<0.1>>>> ==
              16640);
static_assert(output_shape<Sequence<Tokens, MultiHeadAttention<4, causal>>> == Shape{7, 64});

// torch.nn.TransformerEncoderLayer(512, 8): 3152384
static_assert(parameter_count<Sequence<Input<5, 512>, TransformerEncoderLayer<8>>> == 3152384);
// torch.nn.TransformerEncoder(torch.nn.TransformerEncoderLayer(128, 4, 512), 2): 396544
using Encoder =
    Sequence<Input<64, 128>, TransformerEncoder<2, 4, 512, norm_first, activation<Gelu>>>;
static_assert(parameter_count<Encoder> == 396544);
static_assert(output_shape<Encoder> == Shape{64, 128});
// Each layer: four projections, two products of 512, and of 4 heads scores and their weighted sums.
static_assert(flops<Encoder> == 2 * 2 * (64 * 128 * (4 * 128 + 2 * 512) + 4 * 64 * 64 * 32 * 2));

}  // namespace
}  // namespace tg::test
