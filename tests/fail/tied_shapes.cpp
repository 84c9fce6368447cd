// One matrix in two places that want it in two shapes.
// expected-error {{tied_shapes_differ<at_layer<2>, layer<Tied<"matrix", Linear<5>>>, name<"matrix">, got_shape<5, 4>, wanted_shape<4, 4>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"
#include "typegrad/networks/tied.hpp"

#ifdef FIXED
constexpr int width = 4;
#else
constexpr int width = 5;
#endif
using Net = tg::Sequence<tg::Input<4>, tg::Tied<"matrix", tg::Linear<4>>, tg::Relu,
                         tg::Tied<"matrix", tg::Linear<width>>>;

static_assert(tg::output_shape<Net> == tg::Shape{4});
static_assert(tg::parameter_count<Net> == 20);
