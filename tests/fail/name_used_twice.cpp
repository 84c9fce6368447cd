// A layer with two parameters of one name.
// expected-error {{name_used_twice<at_layer<0>, layer<Gains>, name<"gain">>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Gains {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
#ifdef FIXED
    const char* second = "offset";
#else
    const char* second = "gain";
#endif
    return x * s.parameter("gain", x.shape(), tg::TorchDefault{}) +
           s.parameter(second, x.shape(), tg::TorchDefault{});
  }
};
using Net = tg::Sequence<tg::Input<4>, Gains, tg::Linear<10>>;

static_assert(tg::output_shape<Net> == tg::Shape{10});
static_assert(tg::parameter_count<Net> == 58);
