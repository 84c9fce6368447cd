// The fourth of three elements.
// expected-error {{slice_out_of_range<at_layer<0>, layer<Last>, axis<0>, begin<3>, length<1>, got_shape<3, 2>>}}
#include <typegrad/typegrad.hpp>

struct Last {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {
#ifdef FIXED
    return x[-1];
#else
    return x[3];
#endif
  }
};
using Net = tg::Sequence<tg::Input<3, 2>, Last>;

static_assert(tg::output_shape<Net> == tg::Shape{2});
