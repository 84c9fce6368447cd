// A gradient of one's own that has the shape of the value, not of the input.
// expected-error {{gradient_does_not_fit<at_layer<>, layer<Step>, got_shape<>, wanted_shape<3>>}}
#include <typegrad/typegrad.hpp>

struct Length {
  static constexpr tg::Var value(tg::Var x) { return tg::norm(x, 0); }
  static constexpr tg::Var gradient(tg::Var x, tg::Var y, tg::Var dy) {
#ifdef FIXED
    return dy * x / y;
#else
    return dy * tg::sum(x, 0) / y;
#endif
  }
};
struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var w = s.shared("w", {3});
    return tg::grad(tg::custom_gradient<Length>(w), w);
  }
};

using Compiled = tg::runtime::Compiled<Step, tg::Purpose::inference, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
