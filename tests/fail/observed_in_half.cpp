// An observer is shown floats: of what is stored in half precision there are none.
// expected-error {{stored_in_half<dtype<tg::DType::f16>>}}
#include <typegrad/typegrad.hpp>

struct Square {
  static constexpr tg::Var define(tg::Scope& s) { return tg::square(s.input("x", {3})); }
};

#ifdef FIXED
static_assert(sizeof(tg::Function<Square, tg::Cpu, tg::observed>) > 0);
#else
static_assert(sizeof(tg::Function<Square, tg::Cpu, tg::f16, tg::observed>) > 0);
#endif
