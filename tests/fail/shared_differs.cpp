// Two functions that declare a shared variable of one name with two shapes.
// expected-error {{shared_differs<name<"W">, wanted_shape<3, 4>, dtype<tg::DType::f32>, got_shape<4, 3>, dtype<tg::DType::f32>>}}
#include <typegrad/typegrad.hpp>

struct Forward {
  static constexpr tg::Var define(tg::Scope& s) {
    return matmul(s.shared("W", {3, 4}), s.input("x", {4}));
  }
};
struct Backward {
  static constexpr tg::Var define(tg::Scope& s) {
#ifdef FIXED
    return matmul(transpose(s.shared("W", {3, 4}), {1, 0}), s.input("y", {3}));
#else
    return matmul(s.shared("W", {4, 3}), s.input("y", {3}));
#endif
  }
};

static_assert(sizeof(tg::Shared<Forward, Backward>) > 0);
