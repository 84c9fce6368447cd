// CrossEntropy after an image.
// expected-error {{target_does_not_fit<layer<CrossEntropy>, got_shape<8, 4, 4>>}}
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/losses.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 6, 6>, tg::Conv<8, 3>, tg::Flatten, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<1, 6, 6>, tg::Conv<8, 3>>;
#endif

static_assert(tg::input_shape<Net> == tg::Shape{1, 6, 6});
static_assert(!tg::networks::fits<Net, tg::CrossEntropy> || tg::output_shape<Net>.rank() == 1);
