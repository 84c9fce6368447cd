// A fully connected layer with a padding, of which two things are asked.
// expected-error {{unknown_option<layer<Linear<10, }}
// expected-error {{the layer has no such option}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<784>, tg::Linear<10, tg::no_bias>>;
#else
using Net = tg::Sequence<tg::Input<784>, tg::Linear<10, tg::padding<1>>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 7840);
