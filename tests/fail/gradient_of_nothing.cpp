// A gradient with respect to what the cost does not depend on.
// expected-error {{disconnected_gradient<at_layer<>, layer<Step>, name<"state">, got_shape<3>>}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var w = s.shared("w", {3}), b = s.shared("b", {3});
#ifdef FIXED
    return tg::grad(tg::sum(w * w, tg::within), b, tg::zero_if_disconnected);
#else
    return tg::grad(tg::sum(w * w, tg::within), b);
#endif
  }
};

using Compiled = tg::runtime::Compiled<Step, tg::Purpose::inference, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
