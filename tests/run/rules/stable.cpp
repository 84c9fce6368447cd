// Rules for logarithms, sigmoids and softmax: where each fires, and where it must not.
// SPDX-License-Identifier: MIT
#include "tests/rules/stable.hpp"

#include "rule_test.hpp"

namespace tg::test {

Tables tables_of_stable() { return {logarithm_cases, sigmoid_cases, softmax_cases, erf_cases}; }

TEST_CASE("logarithms", "[rules]") {
  for (const RuleCase& test : logarithm_cases) check_rule(test);
}
TEST_CASE("sigmoids by hand", "[rules]") {
  for (const RuleCase& test : sigmoid_cases) check_rule(test);
}
TEST_CASE("softmax by hand", "[rules]") {
  for (const RuleCase& test : softmax_cases) check_rule(test);
}

TEST_CASE("error functions beside 1", "[rules]") {
  for (const RuleCase& test : erf_cases) check_rule(test);
}

TEST_CASE("a logarithm of one plus a small number keeps the number", "[rules]") {
  RuleLab lab;
  const auto graph = std::make_unique<ir::Graph>(passes::apply_rules(
      lab.record([](const Symbols& t) { return log(1 + 1e-20 * t.x); }), passes::stabilisations));
  const Numbers<double> values = lab.evaluate(*graph);
  for (std::size_t i = 0; i < values.size(); ++i)
    CHECK(values[i] == Approx(1e-20 * lab.lab.memory[0][i]).epsilon(1e-12));
}

}  // namespace tg::test
