// What a function of the user's own does wrong: the line in it.
// expected-error {{shapes_do_not_match<at_layer<>, layer<Both>, left_shape<4>, right_shape<3>, operation<"multiply">, written_at<"}}
// expected-error {{line_of_a_helper.cpp:6">}}
#include <typegrad/typegrad.hpp>

constexpr tg::Var weighted(tg::Var x, tg::Var w) { return mean(x * w); }

struct Both {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {4});
#ifdef FIXED
    return weighted(x, s.argument("w", {4}));
#else
    return weighted(x, s.argument("w", {3}));
#endif
  }
};

static_assert(sizeof(tg::Function<Both>) > 0);
