// A trainer for a network that is frozen altogether.
// expected-error {{nothing_to_train<layer<Net>>}}
#include <typegrad/typegrad.hpp>

#ifdef FIXED
struct Net : tg::Sequence<tg::Input<4>, tg::Frozen<tg::Linear<4>>, tg::Linear<3>> {};
#else
struct Net : tg::Sequence<tg::Input<4>, tg::Frozen<tg::Linear<4>>, tg::Frozen<tg::Linear<3>>> {};
#endif

using Trainer = tg::Trainer<tg::Model<Net>, tg::CrossEntropy, tg::Sgd, 8>;
static_assert(sizeof(Trainer) > 0);
