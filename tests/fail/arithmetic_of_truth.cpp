// A comparison that is multiplied like a number.
// expected-error {{needs_numbers<at_layer<>, layer<Step>, dtype<}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
#ifdef FIXED
    return tg::where(x > 0, x, 0);
#else
    return (x > 0) * x;
#endif
  }
};

using Compiled = tg::runtime::Compiled<Step, tg::Purpose::inference, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
