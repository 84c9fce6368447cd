// Each formula of a table as a definition, evaluated while compiling before and after each pass.
// SPDX-License-Identifier: MIT
#pragma once
#include <utility>

#include "tests/rules/cases.hpp"
#include "typegrad/runtime/check_passes.hpp"
#include "typegrad/views/optimisation_report.hpp"

namespace tg::test {

template <const auto& cases, std::size_t which>
struct FormulaOf {
  static constexpr Var define(Scope& s) {
    return cases[which].formula(
        {s.input("x", {4}), s.input("y", {4}), s.input("z", {4}), s.argument("v", {4}),
         s.argument("w", {4}), s.input("matrix", {3, 4}), s.argument("other", {4, 3}),
         s.input("image", {2, 4, 4}), s.scalar("number"), s.label("label"), s});
  }
};

// Numbers for which every function is defined.
inline constexpr CheckOptions inside{.low = 0.2, .high = 0.9};

// 1. The rule fires in the passes of the default mode, or does not.
// 2. Every pass leaves a graph, with the same numbers.
template <const auto& cases, std::size_t which>
constexpr bool holds() {
  using Formula = FormulaOf<cases, which>;
  constexpr const RuleCase& test = cases[which];
  return (times_fired<Formula>(test.rule) > 0) == test.fires && passes_agree<Formula, inside>;
}
template <const auto& cases>
constexpr bool all_hold() {
  return []<std::size_t... I>(std::index_sequence<I...>) { return (holds<cases, I>() && ...); }
  (std::make_index_sequence<std::size(cases)>{});
}

}  // namespace tg::test
