// A layer that cuts more than there is.
// expected-error {{slice_out_of_range<at_layer<0>, layer<Tail>, axis<0>, begin<3>, length<4>, got_shape<6>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Tail {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {
#ifdef FIXED
    return tg::slice(x, 0, 3, 3);
#else
    return tg::slice(x, 0, 3, 4);
#endif
  }
};
using Net = tg::Sequence<tg::Input<6>, Tail, tg::Linear<2>>;

static_assert(tg::output_shape<Net> == tg::Shape{2});
