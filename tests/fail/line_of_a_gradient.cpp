// Found while the gradient is made, after rewrites: the line of what cannot be differentiated.
// expected-error {{not_differentiable<at_layer<>, layer<Step>, name<"argmax">, written_at<"}}
// expected-error {{line_of_a_gradient.cpp:13">}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var w = s.shared("w", {4});
    const tg::Var p = log(softmax(w * s.input("x", {4})));
#ifdef FIXED
    const tg::Var best = max(p, 0);
#else
    const tg::Var best = tg::cast(argmax(p, 0), tg::f32);
#endif
    const tg::Var cost = mean(best);
    s.update(w, w - grad(cost, w));
    return cost;
  }
};

static_assert(sizeof(tg::Function<Step>) > 0);
