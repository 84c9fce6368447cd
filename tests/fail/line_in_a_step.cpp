// What is wrong in the step of a loop: its line, not the loop's.
// expected-error {{shapes_do_not_match<at_layer<>, layer<Walk>, left_shape<2>, right_shape<3>, operation<"add">, written_at<"}}
// expected-error {{line_in_a_step.cpp:11">}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var step([[maybe_unused]] tg::Scope& s, tg::Var row, tg::Var h) {
#ifdef FIXED
    return tanh(row + h);
#else
    return tanh(row + s.constant(1, {3})) + h;
#endif
  }
};
struct Walk {
  static constexpr tg::Var define(tg::Scope& s) {
    return tg::map<Step>(s, tg::over(s.input("x", {5, 2})), s.constant(0, {2}));
  }
};

static_assert(sizeof(tg::Function<Walk>) > 0);
