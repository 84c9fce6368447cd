// A layer of one's own that adds two shapes.
// expected-error {{shapes_do_not_match<at_layer<1>, layer<Shift>, left_shape<4>, right_shape<3>>}}
// expected-error {{shapes_in_a_layer.cpp:13">}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Shift {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
#ifdef FIXED
    return x + s.parameter("shift", x.shape(), tg::TorchDefault{});
#else
    return x + s.parameter("shift", {3}, tg::TorchDefault{});
#endif
  }
};
using Net = tg::Sequence<tg::Input<5>, tg::Linear<4>, Shift>;

static_assert(tg::output_shape<Net> == tg::Shape{4});
