// A wrong network is one error, however much is done with its model.
// expected-error {{window_does_not_tile<at_layer<2>, layer<MaxPool<5>}}
#include <typegrad/typegrad.hpp>

#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5>, tg::Relu, tg::MaxPool<4>,
                         tg::Flatten, tg::Linear<10>>;
#else
using Net =
    tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5>, tg::Relu, tg::MaxPool<5>, tg::Linear<10>>;
#endif

using Model = tg::Model<Net>;
using Trainer = tg::Trainer<Model, tg::CrossEntropy, tg::Sgd, 8>;
static_assert(sizeof(Model) > 0 && sizeof(Trainer) > 0);
