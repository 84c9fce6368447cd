// A fraction as the value of integers that a call leaves out.
// expected-error {{dtypes_do_not_match}}
// expected-error {{dtype<tg::DType::i32>, dtype<tg::DType::f64>}}
#include <typegrad/typegrad.hpp>

struct Choose {
  static constexpr tg::Var define(tg::Scope& s) {
#ifdef FIXED
    const tg::Var row = s.label("row", tg::otherwise(1));
#else
    const tg::Var row = s.label("row", tg::otherwise(1.5));
#endif
    return gather(s.argument("table", {5, 2}), row);
  }
};

static_assert(sizeof(tg::Function<Choose>) > 0);
