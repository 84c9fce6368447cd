// A transposed convolution with as much output_padding as its stride.
// expected-error {{output_padding_too_large<at_layer<0>, layer<Grows>, output_padding<2>, stride<2>>}}
#include "typegrad/layers/conv_transpose.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
constexpr int more = 1;
#else
constexpr int more = 2;
#endif
struct Grows : tg::ConvTranspose<4, 3, tg::stride<2>, tg::padding<1>, tg::output_padding<more>> {};
using Net = tg::Sequence<tg::Input<6, 8, 8>, Grows>;

static_assert(tg::output_shape<Net> == tg::Shape{4, 16, 16});
