// A step that expects one symbol less than the loop has for it.
// expected-error {{step_takes_other_arguments<step<Decay>, rows<2>, states<1>, others<1>>}}
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Decay {
#ifdef FIXED
  static constexpr tg::Next step(tg::Scope&, tg::Var before, tg::Var x, tg::Var h, tg::Var rate) {
    return tg::next(rate * h + x - before);
  }
#else
  static constexpr tg::Next step(tg::Scope&, tg::Var x, tg::Var h, tg::Var rate) {
    return tg::next(rate * h + x);
  }
#endif
};
struct Layer {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    const tg::Var first = s.constant(0, {2}), rate = s.constant(0.5);
    return tg::scan<Decay>(s, tg::over<-1, 0>(x), tg::from(first), rate).last();
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
