// An update by a value of another dtype: nothing is converted without a word.
// expected-error {{update_does_not_fit<at_layer<>, layer<Count>, name<"n">, got_shape<>, dtype<tg::DType::f32>, wanted_shape<>, dtype<tg::DType::i32>>}}
#include <typegrad/typegrad.hpp>

struct Count {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var n = s.shared("n", {}, tg::i32);
#ifdef FIXED
    s.update(n, n + tg::cast(s.scalar("step"), tg::i32));
#else
    s.update(n, s.scalar("step"));
#endif
    return n;
  }
};

static_assert(sizeof(tg::Shared<Count>) > 0 && sizeof(tg::Function<Count>) > 0);
