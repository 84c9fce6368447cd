// Attention over an image, which is no row of tokens.
// expected-error {{needs_tokens<at_layer<0>, layer<MultiHeadAttention<2>>, got_shape<4, 8, 8>>}}
// expected-error {{put tg::Reshape<tokens, features> before it}}
#include "typegrad/layers/multi_head_attention.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<4, 8, 8>, tg::Reshape<4, 64>, tg::MultiHeadAttention<2>>;
#else
using Net = tg::Sequence<tg::Input<4, 8, 8>, tg::MultiHeadAttention<2>>;
#endif

static_assert(tg::parameter_count<Net> == 4 * 64 * 64 + 4 * 64);
