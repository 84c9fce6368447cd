// A function with a shared variable that the state does not have.
// expected-error {{not_shared<name<"b">, there_are<"W">>}}
#include <typegrad/typegrad.hpp>

struct Product {
  static constexpr tg::Var define(tg::Scope& s) {
    return matmul(s.shared("W", {3, 4}), s.input("x", {4}));
  }
};
struct Sum {
  static constexpr tg::Var define(tg::Scope& s) { return Product::define(s) + s.shared("b", {3}); }
};

#ifdef FIXED
using State = tg::Shared<Product, Sum>;
#else
using State = tg::Shared<Product>;
#endif
static_assert(tg::Function<Sum>::finds_all_in<State::Table>());
