// A GroupNorm whose groups do not divide the channels.
// expected-error {{groups_do_not_divide<at_layer<0>, layer<Grouped>, channels<6>, groups<4>>}}
#include "typegrad/layers/group_norm.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
constexpr int count = 3;
#else
constexpr int count = 4;
#endif
struct Grouped : tg::GroupNorm<count> {};
using Net = tg::Sequence<tg::Input<6, 8, 8>, Grouped>;

static_assert(tg::output_shape<Net> == tg::Shape{6, 8, 8});
