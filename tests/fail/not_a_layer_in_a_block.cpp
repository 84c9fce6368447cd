// A layer of one's own made of something that is no layer.
// expected-error {{not_a_layer<layer<Inner>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/sequence.hpp"

#ifdef FIXED
struct Inner : tg::Linear<4> {};
#else
struct Inner {};
#endif
struct Block {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) { return s.layer<"inner", Inner>(x); }
};
using Net = tg::Sequence<tg::Input<4>, Block>;

static_assert(tg::output_shape<Net> == tg::Shape{4});
