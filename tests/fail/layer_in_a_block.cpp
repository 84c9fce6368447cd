// A wrong layer in a layer of one's own: the path names it.
// expected-error {{needs_image<at<"1.conv">, layer<Block>, got_shape<4>>}}
#include "typegrad/layers/activations.hpp"
#include "typegrad/layers/conv.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

struct Block {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    return relu(s.layer<"conv", tg::Conv<3, 1>>(x));
  }
};
#ifdef FIXED
using Net = tg::Sequence<tg::Input<1, 2, 2>, tg::Relu, Block>;
#else
using Net = tg::Sequence<tg::Input<4>, tg::Relu, Block>;
#endif

static_assert(tg::output_shape<Net> == tg::Shape{3, 2, 2});
