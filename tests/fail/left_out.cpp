// An argument left out of a call, although a later one has to be given.
// expected-error {{wrong_arguments<inputs<1>, takes<"rate", "x", "shift">>}}
#include <type_traits>
#include <typegrad/typegrad.hpp>

struct Step {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var rate = s.scalar("rate", tg::otherwise(0.1)), x = s.scalar("x"),
                  shift = s.scalar("shift", tg::otherwise(0));
    return rate * x + shift;
  }
};

#ifdef FIXED
using Result = std::invoke_result_t<tg::Function<Step>&, float, float>;
#else
using Result = std::invoke_result_t<tg::Function<Step>&, float>;
#endif
static_assert(sizeof(Result) > 0);
