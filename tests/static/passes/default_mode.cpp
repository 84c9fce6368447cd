// The mode of a whole program, by one macro; a function's own mode still counts.
// SPDX-License-Identifier: MIT
#define TYPEGRAD_DEFAULT_MODE tg::no_optimisation
#include "typegrad/runtime/function.hpp"
#include "typegrad/views/optimisation_report.hpp"

namespace tg {
namespace {

struct Same {
  static constexpr Var define(Scope& s) {
    const Var x = s.input("x", {3});
    return 2 * x / 2 + 0 * x;
  }
};

using passes::Pipeline;
using runtime::mode_option;

// 1. Where nobody says, it is the program's.
static_assert(std::is_same_v<mode_option<f32>, Mode<NoOptimisation>>);
static_assert(!Pipeline<Mode<>>::simplifies() && !Pipeline<Mode<>>::fuses());
static_assert(times_fired<Same>() == 0);
// 2. A function may have another one.
static_assert(std::is_same_v<mode_option<fast_run>, Mode<FastRun>>);
static_assert(times_fired<Same, fast_run>("add_zero") == 1);

}  // namespace
}  // namespace tg
