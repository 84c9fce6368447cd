// A convolution after Flatten.
// expected-error {{needs_image<at_layer<1>, layer<Conv<16, 5>>, got_shape<784>>}}
// expected-error {{put tg::Reshape<channels, height, width> before it}}
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<16, 5>, tg::Flatten, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<1, 28, 28>, tg::Flatten, tg::Conv<16, 5>, tg::Linear<10>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
