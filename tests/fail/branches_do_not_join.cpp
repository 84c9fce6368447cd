// Branches of two heights, one after the other along the channels.
// expected-error {{parts_do_not_join<at_layer<0>, layer<Branches>, axis<0>, left_shape<2, 6, 6>, right_shape<3, 4, 4>>}}
#include "typegrad/layers/conv.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/parallel.hpp"

#ifdef FIXED
struct Branches : tg::Parallel<tg::Conv<2, 1>, tg::Conv<3, 3, tg::padding<1>>> {};
#else
struct Branches : tg::Parallel<tg::Conv<2, 1>, tg::Conv<3, 3>> {};
#endif
using Net = tg::Sequence<tg::Input<1, 6, 6>, Branches>;

static_assert(tg::output_shape<Net> == tg::Shape{5, 6, 6});
