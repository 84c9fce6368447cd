// Branches, and nothing that says how they come together.
// expected-error {{does_not_join<layer<Linear<4>>, inputs<2>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/parallel.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<4>, tg::Parallel<tg::Add, tg::Linear<4>, tg::Relu, tg::Tanh>>;
#else
using Net = tg::Sequence<tg::Input<4>, tg::Parallel<tg::Linear<4>, tg::Relu, tg::Tanh>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{4});
