// A gradient of something that is not one number.
// expected-error {{gradient_of_non_scalar<got_shape<3>>}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var w = s.shared("w", {3});
#ifdef FIXED
    return tg::grad(tg::sum(w * w, tg::within), w);
#else
    return tg::grad(w * w, w);
#endif
  }
};

using Compiled = tg::runtime::Compiled<Step, tg::Purpose::inference, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
