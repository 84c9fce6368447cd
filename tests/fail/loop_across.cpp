// A mean over the samples in a step.
// expected-error {{loop_across<at_layer<0>, layer<Layer>>}}
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Centre {
  static constexpr tg::Next step(tg::Scope&, tg::Var x, tg::Var h) {
#ifdef FIXED
    return tg::next(h + x - tg::mean(x, tg::within));
#else
    return tg::next(h + x - tg::batch_mean(x));
#endif
  }
};
struct Layer {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    return tg::reduce<Centre>(s, tg::over(x), tg::from(s.constant(0, {2})));
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
