// A Reshape to another number of elements.
// expected-error {{reshape_changes_size<at_layer<0>, layer<Reshape<3, 5>>, got_shape<16>, wanted_shape<3, 5>>}}
#include "typegrad/layers/shapes.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
using Net = tg::Sequence<tg::Input<16>, tg::Reshape<2, 8>>;
#else
using Net = tg::Sequence<tg::Input<16>, tg::Reshape<3, 5>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{2, 8});
