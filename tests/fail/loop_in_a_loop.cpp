// A loop in the step of another one.
// expected-error {{loop_in_a_loop<at_layer<0>, layer<Layer>>}}
// expected-error {{a loop within the step of a loop: make the inner one tg::unrolled}}
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Sum {
  static constexpr tg::Next step(tg::Scope&, tg::Var x, tg::Var sum) { return tg::next(sum + x); }
};
struct Twice {
  static constexpr tg::Next step(tg::Scope& s, tg::Var x, tg::Var sum) {
#ifdef FIXED
    return tg::next(sum + tg::reduce<Sum, tg::unrolled>(s, tg::over(x), tg::from(s.constant(0))));
#else
    return tg::next(sum + tg::reduce<Sum>(s, tg::over(x), tg::from(s.constant(0))));
#endif
  }
};
struct Layer {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    return tg::reduce<Twice>(s, tg::over(x), tg::from(s.constant(0, {2})));
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
