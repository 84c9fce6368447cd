// A rate in percent.
// expected-error {{rate_out_of_range<at_layer<0>, layer<Dropout<50>>>}}
#include "typegrad/layers/dropout.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<4>, tg::Dropout<0.5>>;
#else
using Net = tg::Sequence<tg::Input<4>, tg::Dropout<50>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{4});
