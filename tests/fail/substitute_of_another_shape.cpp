// A part of a graph, computed from a symbol of another shape.
// expected-error {{substitute_does_not_fit<at_layer<>, layer<Shifted>, got_shape<2>, dtype<tg::DType::f32>, wanted_shape<3>, dtype<tg::DType::f32>>}}
#include <typegrad/typegrad.hpp>

struct Shifted {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
    const tg::Var y = tg::exp(x);
#ifdef FIXED
    return tg::substitute(y, x, x + 1);
#else
    return tg::substitute(y, x, s.input("z", {2}));
#endif
  }
};

static_assert(sizeof(tg::Function<Shifted>) > 0);
