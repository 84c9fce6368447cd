// A step of a recurrent layer from states that are not a row for each of its layers.
// expected-error {{shapes_do_not_match<at_layer<>, layer<Advance>, left_shape<6>, right_shape<2, 6>>}}
#include <typegrad/typegrad.hpp>

#ifdef FIXED
constexpr tg::Shape states{2, 6};
#else
constexpr tg::Shape states{6};
#endif

struct Advance {
  static constexpr tg::Var define(tg::Scope& s) {
    using Memory = tg::Gru<6, tg::stacked<2>>;
    return Memory::step(s, s.input("x", {5}), {s.input("before", states)})[0];
  }
};

static_assert(sizeof(tg::Function<Advance>) > 0);
