// A loop without a sequence that does not say how long it is.
// expected-error {{loop_without_steps<at_layer<0>, layer<Layer>>}}
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
#define LENGTH , tg::steps<3>
#else
#define LENGTH
#endif
struct Double {
  static constexpr tg::Next step(tg::Scope&, tg::Var h) { return tg::next(2 * h); }
};
struct Layer {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    return tg::reduce<Double LENGTH>(s, tg::from(tg::sum(x, 0)));
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
