// The third axis from the end of two.
// expected-error {{axis_out_of_range<at_layer<0>, layer<Total>, axis<-3>, got_shape<3, 2>>}}
#include <typegrad/typegrad.hpp>

struct Total {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {
#ifdef FIXED
    return tg::sum(x, -2);
#else
    return tg::sum(x, -3);
#endif
  }
};
using Net = tg::Sequence<tg::Input<3, 2>, Total>;

static_assert(tg::output_shape<Net> == tg::Shape{2});
