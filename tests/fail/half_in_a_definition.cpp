// An input of bf16: half precision is how a function stores numbers, not what they are.
// expected-error {{half_in_a_definition<at_layer<>, layer<Square>, dtype<tg::DType::bf16>>}}
#include <typegrad/typegrad.hpp>

struct Square {
  static constexpr tg::Var define(tg::Scope& s) {
#ifdef FIXED
    return tg::square(s.input("x", {3}));
#else
    return tg::square(s.input("x", {3}, tg::bf16));
#endif
  }
};

static_assert(sizeof(tg::Function<Square, tg::Cpu, tg::bf16>) > 0);
