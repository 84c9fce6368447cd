// The error of a function names the line, the operation and both shapes.
// expected-error {{extents_do_not_chain<at_layer<>, layer<Predict>, left_shape<783>, right_shape<784, 10>, operation<"matmul">, written_at<"}}
// expected-error {{line_of_a_function.cpp:15">}}
#include <typegrad/typegrad.hpp>

struct Predict {
  static constexpr tg::Var define(tg::Scope& s) {
#ifdef FIXED
    const tg::Var x = s.input("x", {784});
#else
    const tg::Var x = s.input("x", {783});
#endif
    const tg::Var w = s.shared("W", {784, 10});
    const tg::Var b = s.shared("b", {10});
    return softmax(matmul(x, w) + b);
  }
};

static_assert(sizeof(tg::Function<Predict>) > 0);
