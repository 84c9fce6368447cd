// Whole numbers divided by `/`.
// expected-error {{needs_floating<at_layer<>, layer<Step>, dtype<}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var n = s.input("n", {3}, tg::i32);
#ifdef FIXED
    return tg::floor_divide(n, 2);
#else
    return n / 2;
#endif
  }
};

using Compiled = tg::runtime::Compiled<Step, tg::Purpose::inference, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
