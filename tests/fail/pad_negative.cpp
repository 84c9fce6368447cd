// Fewer than no zeros around an image.
// expected-error {{extent_not_positive<at_layer<0>, layer<Frame>, wanted_shape<0, 2>>}}
#include "typegrad/layers/pad.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
struct Frame : tg::Pad<0, 1, 1, 1> {};
#else
struct Frame : tg::Pad<-1, 1, 1, 1> {};
#endif
using Net = tg::Sequence<tg::Input<2, 4, 4>, Frame>;

static_assert(tg::output_shape<Net> == tg::Shape{2, 6, 5});
