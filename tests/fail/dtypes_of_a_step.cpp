// Integers and real numbers in one sum.
// expected-error {{dtypes_do_not_match<at_layer<>, layer<Step>, dtype<}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var n = s.input("n", {3}, tg::i32), x = s.input("x", {3});
#ifdef FIXED
    return tg::cast(n, tg::f32) + x;
#else
    return n + x;
#endif
  }
};

using Compiled = tg::runtime::Compiled<Step, tg::Purpose::inference, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
