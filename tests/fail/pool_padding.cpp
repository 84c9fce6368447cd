// A pool with more padding than half its window.
// expected-error {{padding_too_large<at_layer<0>, layer<Padded>, window<2>, padding<2>>}}
#include "typegrad/layers/pools.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
constexpr int width = 1;
#else
constexpr int width = 2;
#endif
struct Padded : tg::MaxPool<2, tg::padding<width>> {};
using Net = tg::Sequence<tg::Input<1, 6, 6>, Padded>;

static_assert(tg::output_shape<Net> == tg::Shape{1, 4, 4});
