// The wrong twin of LeNet: its second pool leaves a row and a column out.
// expected-error {{window_does_not_tile<at_layer<5>, layer<MaxPool<3>>, got_shape<16, 10, 10>, window<3>, stride<3>>}}
// expected-error {{some input elements are in no window}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/layers/pools.hpp"
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5, tg::padding<2>>, tg::Relu,
                         tg::MaxPool<2>, tg::Conv<16, 5>, tg::Relu, tg::MaxPool<2>, tg::Flatten,
                         tg::Linear<120>, tg::Relu, tg::Linear<84>, tg::Relu, tg::Linear<10>>;
#else
using Net = tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5, tg::padding<2>>, tg::Relu,
                         tg::MaxPool<2>, tg::Conv<16, 5>, tg::Relu, tg::MaxPool<3>, tg::Flatten,
                         tg::Linear<120>, tg::Relu, tg::Linear<84>, tg::Relu, tg::Linear<10>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 61706);
