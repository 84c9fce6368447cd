// A residual body that changes the shape, without a shortcut.
// expected-error {{branches_do_not_match<at_layer<1>, layer<Block>, left_shape<5>, right_shape<6>>}}
// expected-error {{a tg::Shortcut}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/residual.hpp"

#ifdef FIXED
struct Block : tg::Residual<tg::Shortcut<tg::Linear<6>>, tg::Linear<6>, tg::Relu> {};
#else
struct Block : tg::Residual<tg::Linear<6>, tg::Relu> {};
#endif
using Net = tg::Sequence<tg::Input<5>, tg::Relu, Block>;

static_assert(tg::output_shape<Net> == tg::Shape{6});
static_assert(tg::parameter_count<Net> == 36 + 36);
