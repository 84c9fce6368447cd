// The derivative of an operation of one's own that says none.
// expected-error {{not_differentiable<at_layer<>, layer<Slope>, name<"peak">>}}
#include <typegrad/typegrad.hpp>

struct Peak {
  static constexpr const char* name = "peak";
  template <class T>
  static constexpr T value(T x) {
    return x < T(0) ? x : -x;
  }
#ifdef FIXED
  static constexpr tg::Var gradient(tg::Var x, tg::Var, tg::Var dy) { return -tg::sign(x) * dy; }
#endif
};

struct Slope {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
    return tg::grad(tg::sum(tg::operation<Peak>(x)), x);
  }
};

static_assert(sizeof(tg::Function<Slope>) > 0);
