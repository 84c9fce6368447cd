// A call with an argument too many: the label is read by what was pruned alone.
// expected-error {{wrong_arguments<inputs<2>, takes<"x">>}}
#include <type_traits>
#include <typegrad/typegrad.hpp>
#include <vector>

struct Classify {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.input("x", {3}), y = s.label("y");
    [[maybe_unused]] const tg::Var cost = -pick(log_softmax(x), y);
    return tg::argmax(x);
  }
};

using Numbers = std::vector<float>;
#ifdef FIXED
using Result = std::invoke_result_t<tg::Function<Classify>&, Numbers>;
#else
using Result = std::invoke_result_t<tg::Function<Classify>&, Numbers, std::vector<std::int32_t> >;
#endif
static_assert(sizeof(Result) > 0);
