// An update by a value of another shape.
// expected-error {{update_does_not_fit<at_layer<>, layer<Grow>, name<"w">, got_shape<4>, dtype<tg::DType::f32>, wanted_shape<3>, dtype<tg::DType::f32>>}}
#include <typegrad/typegrad.hpp>

struct Grow {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var w = s.shared("w", {3});
#ifdef FIXED
    s.update(w, w + s.argument("step", {3}));
#else
    s.update(w, s.argument("step", {4}));
#endif
    return tg::sum(w);
  }
};

static_assert(sizeof(tg::Shared<Grow>) > 0 && sizeof(tg::Function<Grow>) > 0);
