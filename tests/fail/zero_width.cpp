// A layer of width zero.
// expected-error {{extent_not_positive<at_layer<0>, layer<Linear<0>>, wanted_shape<0>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<4>, tg::Linear<1>, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<4>, tg::Linear<0>, tg::Linear<10>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 25);
