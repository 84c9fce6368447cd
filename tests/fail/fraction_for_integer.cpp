// A fraction for an integer argument, which would be rounded.
// expected-error {{wrong_element<name<"row">, dtype<tg::DType::i32>>}}
#include <type_traits>
#include <typegrad/typegrad.hpp>
#include <vector>

struct Choose {
  static constexpr tg::Var define(tg::Scope& s) {
    return gather(s.argument("table", {5, 2}), s.label("row"));
  }
};

#ifdef FIXED
using Row = int;
#else
using Row = double;
#endif
using Result = std::invoke_result_t<tg::Function<Choose>&, std::vector<float>, Row>;
static_assert(sizeof(Result) > 0);
