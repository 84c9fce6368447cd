// A symbol of f32 with one of f64.
// expected-error {{dtypes_do_not_match<at_layer<>, layer<Sum>, dtype<tg::DType::f32>, dtype<tg::DType::f64>>}}
#include <typegrad/typegrad.hpp>

struct Sum {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
#ifdef FIXED
    const tg::Var y = s.input("y", {3});
#else
    const tg::Var y = s.input("y", {3}, tg::f64);
#endif
    return x + y;
  }
};

static_assert(sizeof(tg::Function<Sum>) > 0);
