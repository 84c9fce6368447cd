// A convolution whose kernel is forgotten: its padding stands in its place.
// expected-error {{unknown_option<layer<Conv<4, }}
#include "typegrad/layers/conv.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 9, 9>, tg::Conv<4, 3, tg::padding<1>>>;
#else
using Net = tg::Sequence<tg::Input<1, 9, 9>, tg::Conv<4, tg::padding<1>>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{4, 9, 9});
