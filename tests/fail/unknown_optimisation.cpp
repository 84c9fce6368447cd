// A function that leaves out a pass that there is none of.
// expected-error {{unknown_optimisation<name<"fussion">>}}
// expected-error {{the name of a pass (simplify, stabilise, fusion, kernels)}}
#include "typegrad/runtime/function.hpp"

struct Double {
  static constexpr tg::Var define(tg::Scope& s) { return 2 * s.input("x", {3}); }
};

#ifdef FIXED
tg::Function<Double, tg::Cpu, tg::exclude<"fusion", "add_zero">> twice;
#else
tg::Function<Double, tg::Cpu, tg::exclude<"fussion", "add_zero">> twice;
#endif
