// A Gru has no gate that forgets: the option is an Lstm's.
// expected-error {{unknown_option<layer<Gru<16, }}
// expected-error {{the layer has no such option}}
#include "typegrad/layers/input.hpp"
#include "typegrad/layers/recurrent.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<7, 5>, tg::Lstm<16, tg::forget_bias<1>>>;
#else
using Net = tg::Sequence<tg::Input<7, 5>, tg::Gru<16, tg::forget_bias<1>>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{7, 16});
