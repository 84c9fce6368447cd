// Doubles for a function of floats: nothing is converted without a word.
// expected-error {{wrong_element<name<"x">, dtype<tg::DType::f32>>}}
#include <type_traits>
#include <typegrad/typegrad.hpp>
#include <vector>

struct Square {
  static constexpr tg::Var define(tg::Scope& s) { return tg::square(s.input("x", {3})); }
};

#ifdef FIXED
using Numbers = std::vector<float>;
#else
using Numbers = std::vector<double>;
#endif
static_assert(sizeof(std::invoke_result_t<tg::Function<Square>&, Numbers>) > 0);
