// Something without `define` among the layers.
// expected-error {{not_a_layer<layer<int>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<784>, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<784>, tg::Linear<10>, int>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
