// A state that is read from the future.
// expected-error {{loop_taps<at_layer<0>, layer<Layer>, taps<-2, 1>, got_shape<2, 2>>}}
#include "typegrad/graph/scan.hpp"
#include "typegrad/layers/input.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
inline constexpr int latest = -1;
#else
inline constexpr int latest = 1;
#endif
struct Fibonacci {
  static constexpr tg::Next step(tg::Scope&, tg::Var before, tg::Var last) {
    return tg::next(before + last);
  }
};
struct Layer {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    return tg::reduce<Fibonacci, tg::steps<3>>(s, tg::from<-2, latest>(tg::slice(x, 0, 0, 2)));
  }
};
using Net = tg::Sequence<tg::Input<5, 2>, Layer>;
static_assert(tg::output_shape<Net> == tg::Shape{2});
