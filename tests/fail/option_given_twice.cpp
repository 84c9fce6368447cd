// Two strides of one layer.
// expected-error {{option_given_twice<layer<Conv<4, 3, }}
#include "typegrad/layers/conv.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 9, 9>, tg::Conv<4, 3, tg::stride<1, 2>>>;
#else
using Net = tg::Sequence<tg::Input<1, 9, 9>, tg::Conv<4, 3, tg::stride<1>, tg::stride<2>>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{4, 7, 4});
