// Rules for powers, choices, shapes, reductions and products: where each fires, and where it must
// not.
// SPDX-License-Identifier: MIT
#include "tests/rules/moves.hpp"

#include "rule_test.hpp"

namespace tg::test {

Tables tables_of_moves() {
  return {power_cases, choice_cases, shape_cases, reduction_cases, product_cases};
}

TEST_CASE("powers with constant exponents", "[rules]") {
  for (const RuleCase& test : power_cases) check_rule(test);
}
TEST_CASE("choices, absolute values, conversions", "[rules]") {
  for (const RuleCase& test : choice_cases) check_rule(test);
}
TEST_CASE("the same numbers in another order or number", "[rules]") {
  for (const RuleCase& test : shape_cases) check_rule(test);
}
TEST_CASE("sums and maxima over axes", "[rules]") {
  for (const RuleCase& test : reduction_cases) check_rule(test);
}
TEST_CASE("products and sums across the samples", "[rules]") {
  for (const RuleCase& test : product_cases) check_rule(test);
}

}  // namespace tg::test
