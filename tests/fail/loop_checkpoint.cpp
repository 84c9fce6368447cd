// Checkpoints that do not divide the steps.
// expected-error {{loop_checkpoint<at_layer<0>, layer<Layer>, steps<5>, steps<2>>}}
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
    return tg::reduce<Sum, tg::checkpoint<5>>(s, tg::over(x), tg::from(s.constant(0, {2})));
#else
    return tg::reduce<Sum, tg::checkpoint<2>>(s, tg::over(x), tg::from(s.constant(0, {2})));
#endif
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
