// A choice between branches by a condition for each element.
// expected-error {{loop_condition<at_layer<>, layer<Choose>, got_shape<3>>}}
#include <typegrad/typegrad.hpp>

struct Up {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return exp(x); }
};
struct Down {
  static constexpr tg::Var define(tg::Scope&, tg::Var x) { return exp(-x); }
};
struct Choose {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
#ifdef FIXED
    return tg::ifelse<Up, Down>(s, sum(x, tg::within) > 0, x);
#else
    return tg::ifelse<Up, Down>(s, x > 0, x);
#endif
  }
};

static_assert(sizeof(tg::Function<Choose>) > 0);
