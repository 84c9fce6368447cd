// A layer that puts images of different heights side by side.
// expected-error {{parts_do_not_join<at_layer<1>, layer<Both>, axis<0>, left_shape<2, 4, 4>, right_shape<2, 2, 4>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Both {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {
#ifdef FIXED
    const tg::Var part = tg::slice(x, 0, 1, 1);
#else
    const tg::Var part = tg::slice(x, 1, 0, 2);
#endif
    return tg::concatenate({x, part});
  }
};
using Net = tg::Sequence<tg::Input<2, 4, 4>, tg::Relu, Both>;

static_assert(tg::output_shape<Net> == tg::Shape{3, 4, 4});
