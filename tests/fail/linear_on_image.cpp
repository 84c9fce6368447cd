// A Linear layer on an image, in a network of which three things are asked.
// expected-error {{needs_vector<at_layer<2>, layer<Linear<10>>, got_shape<4, 8, 8>>}}
// expected-error {{put tg::Flatten before it}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net =
    tg::Sequence<tg::Input<1, 10, 10>, tg::Conv<4, 3>, tg::Relu, tg::Flatten, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<1, 10, 10>, tg::Conv<4, 3>, tg::Relu, tg::Linear<10>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 2610);
static_assert(tg::input_shape<Net>[0] == 1);
float parameters[int(tg::parameter_count<Net>)];
constexpr tg::Shape shape = tg::output_shape<Net>;
static_assert(shape.rank() == 1);
