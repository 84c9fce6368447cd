// A state whose shape changes with the first step.
// expected-error {{loop_state_changes<at_layer<0>, layer<Layer>, got_shape<2>, wanted_shape<>>}}
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Sum {
  static constexpr tg::Next step(tg::Scope&, tg::Var x, tg::Var sum) { return tg::next(sum + x); }
};
struct Layer {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
#ifdef FIXED
    return tg::reduce<Sum>(s, tg::over(x), tg::from(s.constant(0, {2})));
#else
    return tg::reduce<Sum>(s, tg::over(x), tg::from(s.constant(0)));
#endif
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
