// A number of steps for each element.
// expected-error {{loop_condition<at_layer<>, layer<Repeat>, got_shape<3>}}
#include <typegrad/typegrad.hpp>

struct Double {
  static constexpr tg::Next step(tg::Scope&, tg::Var x) { return tg::next(2 * x); }
};
struct Repeat {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
#ifdef FIXED
    const tg::Var count = max(x, tg::within);
#else
    const tg::Var count = x;
#endif
    return tg::scan<Double, tg::steps<4>>(s, tg::from(x), tg::times(count)).last();
  }
};

static_assert(sizeof(tg::Function<Repeat>) > 0);
