// A network that takes over a wider layer's matrix.
// expected-error {{cannot_be_kept<name<"0.weight">, got_shape<8, 5>, wanted_shape<9, 5>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/replace_head.hpp"
#include "typegrad/runtime/lookup.hpp"
#include "typegrad/runtime/program.hpp"

using Old = tg::Sequence<tg::Input<5>, tg::Linear<8>, tg::Relu, tg::Linear<10>>;
#ifdef FIXED
using New = tg::ReplaceHead<Old, tg::Linear<3>>;
#else
using New = tg::Sequence<tg::Input<5>, tg::Linear<9>, tg::Relu, tg::Linear<10>>;
#endif
template <class Net>
using Values = tg::runtime::InitialValues<Net, tg::f32>;

constexpr bool kept = tg::runtime::Adoption<New, Values<New>, Values<Old>>::possible();
static_assert(sizeof(kept) > 0);
