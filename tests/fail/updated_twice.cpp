// One shared variable with two updates.
// expected-error {{updated_twice<at_layer<>, layer<Step>, name<"w">>}}
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var w = s.shared("w", {3});
#ifdef FIXED
    s.update(w, w * 0.5f - 1);
#else
    s.update(w, w * 0.5f);
    s.update(w, w - 1);
#endif
    return tg::sum(w);
  }
};

static_assert(sizeof(tg::Shared<Step>) > 0 && sizeof(tg::Function<Step>) > 0);
