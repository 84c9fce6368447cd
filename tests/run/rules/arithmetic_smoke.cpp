// Rules for constants, zeros, ones and signs: where each fires, and where it must not.
// SPDX-License-Identifier: MIT
#include "rule_test.hpp"
#include "tests/rules/arithmetic.hpp"

namespace tg::test {

Tables tables_of_arithmetic() { return {fold_cases, arithmetic_cases, cancel_cases}; }

TEST_CASE("constants are folded", "[rules]") {
  for (const RuleCase& test : fold_cases) check_rule(test);
}
TEST_CASE("zeros, ones, signs, and constants that meet", "[rules]") {
  for (const RuleCase& test : arithmetic_cases) check_rule(test);
}
TEST_CASE("what cancels", "[rules]") {
  for (const RuleCase& test : cancel_cases) check_rule(test);
}

// Every number of a per-sample value that became a constant is still there for each sample.
TEST_CASE("a constant in the place of a value per sample is one of every sample", "[rules]") {
  RuleLab lab;
  const auto graph = std::make_unique<ir::Graph>(passes::apply_rules(
      lab.record([](const Symbols& t) { return t.x / t.x; }), passes::simplifications));
  CHECK(graph->operand(graph->size() - 1, 0).op == Op::constant);
  CHECK(lab.evaluate(*graph) == Numbers<double>(8, 1));
}

}  // namespace tg::test
