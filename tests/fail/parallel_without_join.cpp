// Three branches, joined by a layer of two inputs.
// expected-error {{does_not_join<layer<Difference>, inputs<3>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/parallel.hpp"

struct Difference {
  static constexpr tg::Var define(tg::Scope&, tg::Var a, tg::Var b) { return a - b; }
};
#ifdef FIXED
using Net = tg::Sequence<tg::Input<4>, tg::Parallel<Difference, tg::Relu, tg::Tanh>>;
#else
using Net = tg::Sequence<tg::Input<4>, tg::Parallel<Difference, tg::Linear<4>, tg::Relu, tg::Tanh>>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{4});
