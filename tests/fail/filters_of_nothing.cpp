// An image of filters asked for by a name that no variable has: one error, with the names there
// are.
// expected-error {{no_such_parameter<name<"V">, there_are<"W">>}}
#include "typegrad/runtime/function.hpp"
#include "typegrad/views/images.hpp"

struct Classes {
  static constexpr tg::Var define(tg::Scope& s) {
    return matmul(s.parameter("W", {10, 16}, tg::Zeros{}), s.input("x", {16}));
  }
};

int height() {
  tg::Shared<Classes> state;
#ifdef FIXED
  return tg::filters_image<"W">(state, {4, 4}, {2, 5}).height;
#else
  return tg::filters_image<"V">(state, {4, 4}, {2, 5}).height;
#endif
}
