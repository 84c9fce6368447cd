// Zeros on three sides of an image.
// expected-error {{sides_of_pad<layer<Pad<1, 1, 1>>>}}
#include "typegrad/layers/pad.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<2, 4, 4>, tg::Pad<1, 1, 1, 0>>;
#else
using Net = tg::Sequence<tg::Input<2, 4, 4>, tg::Pad<1, 1, 1>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{2, 5, 6});
