// An Input with a negative extent.
// expected-error {{extent_not_positive<at_layer<>, layer<Net>, wanted_shape<3, -4>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
constexpr int width = 4;
#else
constexpr int width = -4;
#endif
struct Net : tg::Sequence<tg::Input<3, width>, tg::Flatten, tg::Linear<10>> {};

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 130);
