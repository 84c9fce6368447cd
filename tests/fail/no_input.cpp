// A network without Input.
// expected-error {{network_without_input<layer<Linear<10>>>}}
// expected-error {{a network starts with tg::Input}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<784>, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Linear<10>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 7850);
