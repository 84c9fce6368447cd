// The cross-entropy of sequences with a row of logits too few.
// expected-error {{target_does_not_fit<layer<Cost>, got_shape<5, 4>>}}
#include <typegrad/typegrad.hpp>

#ifdef FIXED
constexpr int rows = 6;
#else
constexpr int rows = 5;
#endif

struct Cost {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var logits = s.input("logits", {rows, 4});
    const tg::Var tokens = s.input("tokens", {6}, tg::i32), mask = s.input("mask", {6});
    return tg::NextTokenCrossEntropy<>::define(s, logits, tokens, mask);
  }
};

static_assert(sizeof(tg::Function<Cost>) > 0);
