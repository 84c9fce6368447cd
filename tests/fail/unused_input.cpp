// An input that the definition declares and never reads. One that only pruned nodes read is fine.
// expected-error {{unused_input<name<"mask">>}}
#include <typegrad/typegrad.hpp>

struct Mean {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3});
    const tg::Var mask = s.input("mask", {3});
#ifdef FIXED
    (void)tg::sum(mask);
#else
    (void)mask;
#endif
    return tg::mean(x);
  }
};

static_assert(sizeof(tg::Function<Mean>) > 0);
