// A place among more than 2^24 in a function of f32.
// expected-error {{index_is_not_exact<layer<Find>>}}
// expected-error {{one of more than 2^24 is chosen or found, and such a number is not exact in f32}}
#include "typegrad/runtime/function.hpp"

struct Find {
  static constexpr tg::Var define(tg::Scope& s) {
    return argmax(s.argument("x", {(1 << 24) + 2}), 0);
  }
};
#ifdef FIXED
tg::Function<Find, tg::Cpu, tg::f64> find;
#else
tg::Function<Find> find;
#endif
