// The head of something that is no network of layers.
// expected-error {{cannot_replace_head<layer<Plain>>}}
#include "typegrad/layers/linear.hpp"
#include "typegrad/networks/contracts.hpp"
#include "typegrad/networks/replace_head.hpp"

#ifdef FIXED
struct Plain : tg::Sequence<tg::Input<4>, tg::Linear<2>> {};
#else
struct Plain {
  static constexpr tg::Var define(tg::Scope& s) {
    return tg::Linear<2>::define(s, s.input("input", {4}));
  }
};
#endif
using Net = tg::ReplaceHead<Plain, tg::Linear<3>>;

static_assert(tg::output_shape<Net> == tg::Shape{3});
