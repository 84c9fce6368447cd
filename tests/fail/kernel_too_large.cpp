// A kernel larger than its padded input.
// expected-error {{window_does_not_fit<at_layer<1>, layer<Conv<8, 7>>, got_shape<4, 6, 6>, window<7>>}}
// expected-error {{use a smaller kernel or more tg::padding}}
#include "typegrad/layers/conv.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 8, 8>, tg::Conv<4, 3>, tg::Conv<8, 7, tg::padding<1>>>;
#else
using Net = tg::Sequence<tg::Input<1, 8, 8>, tg::Conv<4, 3>, tg::Conv<8, 7>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{8, 2, 2});
