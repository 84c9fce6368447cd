// A gradient through argmax.
// expected-error {{not_differentiable<at_layer<1>, layer<Hard>}}
#include <typegrad/typegrad.hpp>

struct Hard {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) {
#ifdef FIXED
    return x * tg::stop_gradient(tg::cast(tg::argmax(x), tg::f32));
#else
    return x * tg::cast(tg::argmax(x), tg::f32);
#endif
  }
};
using Net = tg::Sequence<tg::Input<8>, tg::Linear<4>, Hard>;

using Step = tg::fitting::TrainingStep<Net, tg::CrossEntropy>;
using Compiled = tg::runtime::Compiled<Step, tg::Purpose::training, tg::f32>;
static_assert(tg::runtime::explain_definition<Step, Compiled>() || true);
