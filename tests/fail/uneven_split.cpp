// Five columns cut into two equal parts.
// expected-error {{parts_do_not_divide<at_layer<0>, layer<Halves>, axis<1>, length<2>, got_shape<3, 5>>}}
#include <typegrad/typegrad.hpp>

struct Halves {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {
#ifdef FIXED
    const auto [a, b] = tg::split<2>(tg::pad(x, 1, 0, 1), -1);
#else
    const auto [a, b] = tg::split<2>(x, -1);
#endif
    return a * b;
  }
};
using Net = tg::Sequence<tg::Input<3, 5>, Halves>;

static_assert(tg::output_shape<Net> == tg::Shape{3, 3});
