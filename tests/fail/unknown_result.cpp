// An output asked for by a name that no output has: the error lists those that have names.
// expected-error {{no_such_output<name<"costs">, there_are<"out", "cost", "dcost/dw">>}}
#include <typegrad/typegrad.hpp>
#include <vector>

struct Monitor {
  static constexpr auto define(tg::Scope& s) {
    const tg::Var x = s.input("x", {2}), w = s.shared("w", {2});
    const tg::Var out = s.named("out", w * x), cost = s.named("cost", sum(square(out)));
    return tg::outputs(out, cost, cost + 1, tg::grad(cost, w));
  }
};

float cost_of(tg::Function<Monitor>& monitor, const std::vector<float>& x) {
#ifdef FIXED
  return monitor(x).get<"cost">();
#else
  return monitor(x).get<"costs">();
#endif
}
