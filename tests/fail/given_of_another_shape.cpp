// A symbol in the place of an input of another shape.
// expected-error {{given_does_not_fit<at_layer<>, layer<ByIndex>, name<"x">, got_shape<6>, dtype<tg::DType::f32>, wanted_shape<5>, dtype<tg::DType::f32>>}}
#include <typegrad/typegrad.hpp>

struct Score {
  static constexpr tg::Var define(tg::Scope& s) { return tg::sum(s.input("x", {5}), tg::within); }
};
struct ByIndex {
  static constexpr tg::Var define(tg::Scope& s) {
#ifdef FIXED
    constexpr int width = 5;
#else
    constexpr int width = 6;
#endif
    s.given("x", gather(s.shared("rows", {100, width}), s.label("index")));
    return Score::define(s);
  }
};

static_assert(sizeof(tg::Shared<ByIndex>) > 0 && sizeof(tg::Function<ByIndex>) > 0);
