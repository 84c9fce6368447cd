// Rules for constants, zeros, ones and signs: where each fires, and where it must not.
// SPDX-License-Identifier: MIT
#include "rule_test.hpp"

namespace tg::test {
namespace {

// clang-format off
constexpr RuleCase fold_cases[] = {
    {"fold_elementwise", [](const Symbols& t) { return t.x * exp(t.s.constant(2, {4})); }},
    {"fold_elementwise", [](const Symbols& t) { return exp(t.x) * 2; }, false},
    {"fold_move", [](const Symbols& t) { return t.matrix + transpose(t.s.constant(2, {4, 3})); }},
    {"fold_move", [](const Symbols& t) { return t.matrix + transpose(t.other); }, false},
    {"fold_row", [](const Symbols& t) { return t.x * sum(t.s.constant(2, {5, 4}), 0); }},
    {"fold_row", [](const Symbols& t) { return t.x + softmax(t.s.constant(3, {4})); }},
    {"fold_row", [](const Symbols& t) { return t.x + log_softmax(t.s.constant(3, {4})); }},
    {"fold_row", [](const Symbols& t) { return t.x * sum(t.matrix, 0); }, false},
    {"fold_pad", [](const Symbols& t) { return t.x + pad(t.s.constant(0, {2}), 0, 1, 1); }},
    {"fold_pad", [](const Symbols& t) { return t.x + pad(t.s.constant(1, {2}), 0, 1, 1); }, false},
    {"fold_concatenate", [](const Symbols& t) { return t.x + concatenate({t.s.constant(2, {2}), t.s.constant(2, {2})}); }},
    {"fold_concatenate", [](const Symbols& t) { return t.x + concatenate({t.s.constant(2, {2}), t.s.constant(3, {2})}); }, false},
    {"fold_pick", [](const Symbols& t) { return t.x + pick(t.s.constant(2, {4}), t.label); }},
    {"fold_pick", [](const Symbols& t) { return pick(t.x, t.label); }, false},
    {"fold_gather", [](const Symbols& t) { return gather(t.s.constant(2, {4, 3}), t.label); }},
    {"fold_gather", [](const Symbols& t) { return gather(t.other, t.label); }, false},
    {"product_of_zero", [](const Symbols& t) { return matmul(t.s.constant(0, {2, 4}), t.x); }},
    {"product_of_zero", [](const Symbols& t) { return matmul(t.s.constant(1, {2, 4}), t.x); }, false},
    {"product_with_zero", [](const Symbols& t) { return outer(t.x, t.s.constant(0, {3})); }},
    {"product_with_zero", [](const Symbols& t) { return outer(t.x, t.s.constant(1, {3})); }, false},
    {"fold_across", [](const Symbols& t) { return batch_sum(t.x - t.x); }},
    {"fold_across", [](const Symbols& t) { return batch_sum(t.x); }, false},
};

constexpr RuleCase arithmetic_cases[] = {
    {"add_zero", [](const Symbols& t) { return exp(t.x + 0); }},
    {"add_zero", [](const Symbols& t) { return exp(0 + t.x); }},
    {"add_zero", [](const Symbols& t) { return exp(t.x + 1); }, false},
    {"add_negated", [](const Symbols& t) { return t.x + -t.y; }},
    {"add_negated", [](const Symbols& t) { return -t.x + t.y; }},
    {"add_negated", [](const Symbols& t) { return t.x + t.y; }, false},
    {"subtract_zero", [](const Symbols& t) { return exp(t.x - 0); }},
    {"subtract_zero", [](const Symbols& t) { return 0 - t.x; }, false},
    {"subtract_from_zero", [](const Symbols& t) { return 0 - t.x; }},
    {"subtract_from_zero", [](const Symbols& t) { return t.x - 1; }, false},
    {"subtract_negated", [](const Symbols& t) { return t.x - -t.y; }},
    {"subtract_negated", [](const Symbols& t) { return -t.x - t.y; }, false},
    {"multiply_one", [](const Symbols& t) { return exp(1 * t.x); }},
    {"multiply_one", [](const Symbols& t) { return 2 * t.x; }, false},
    {"multiply_zero", [](const Symbols& t) { return 0 * t.x + t.y; }},
    {"multiply_zero", [](const Symbols& t) { return 1 * t.x + t.y; }, false},
    {"multiply_minus_one", [](const Symbols& t) { return t.x * -1; }},
    {"multiply_minus_one", [](const Symbols& t) { return t.x * -2; }, false},
    {"multiply_negated", [](const Symbols& t) { return 3 * -t.x; }},
    {"multiply_negated", [](const Symbols& t) { return t.y * -t.x; }, false},
    {"multiply_both_negated", [](const Symbols& t) { return -t.x * -t.y; }},
    {"multiply_both_negated", [](const Symbols& t) { return -t.x * t.y; }, false},
    {"divide_one", [](const Symbols& t) { return exp(t.x / 1); }},
    {"divide_one", [](const Symbols& t) { return 1 / t.x; }, false},
    {"divide_minus_one", [](const Symbols& t) { return t.x / -1; }},
    {"divide_minus_one", [](const Symbols& t) { return -1 / t.x; }, false},
    {"divide_power_of_two", [](const Symbols& t) { return t.x / 8; }},
    {"divide_power_of_two", [](const Symbols& t) { return t.x / 6; }, false},
    {"divide_both_negated", [](const Symbols& t) { return -t.x / -t.y; }},
    {"divide_both_negated", [](const Symbols& t) { return -t.x / t.y; }, false},
    {"divide_negated_by_constant", [](const Symbols& t) { return -t.x / 3; }},
    {"divide_negated_by_constant", [](const Symbols& t) { return -t.x / t.y; }, false},
    {"divide_constant_by_negated", [](const Symbols& t) { return 3 / -t.x; }},
    {"divide_constant_by_negated", [](const Symbols& t) { return t.y / -t.x; }, false},
    {"negate_negated", [](const Symbols& t) { return exp(-(-t.x)); }},
    {"negate_negated", [](const Symbols& t) { return -exp(-t.x); }, false},
    {"negate_difference", [](const Symbols& t) { return -(t.x - t.y); }},
    {"negate_difference", [](const Symbols& t) { return -(t.x + t.y); }, false},
    {"negate_multiple", [](const Symbols& t) { return -(3 * t.x); }},
    {"negate_multiple", [](const Symbols& t) { return -(t.y * t.x); }, false},
    {"collect_terms", [](const Symbols& t) { return (t.x + 3) - 1; }},
    {"collect_terms", [](const Symbols& t) { return 5 - (t.x + 3); }},
    {"collect_terms", [](const Symbols& t) { return (t.x + 3) + (2 - t.y); }},
    {"collect_terms", [](const Symbols& t) { return (t.x + 3) - t.y; }, false},
    {"collect_factors", [](const Symbols& t) { return 3 * (5 * t.x); }},
    {"collect_factors", [](const Symbols& t) { return (3 / t.x) / 5; }},
    {"collect_factors", [](const Symbols& t) { return (3 * t.x) / (5 * t.y); }},
    {"collect_factors", [](const Symbols& t) { return 6 / (3 * t.x); }},
    {"collect_factors", [](const Symbols& t) { return (3 * t.x) * t.y; }, false},
};

constexpr RuleCase cancel_cases[] = {
    {"cancel_difference", [](const Symbols& t) { return t.y + (exp(t.x) - exp(t.x)); }},
    {"cancel_difference", [](const Symbols& t) { return exp(t.x) - exp(t.y); }, false},
    {"cancel_quotient", [](const Symbols& t) { return t.y + t.x / t.x; }},
    {"cancel_quotient", [](const Symbols& t) { return t.x / t.x; }},
    {"cancel_quotient", [](const Symbols& t) { return t.x / t.y; }, false},
    {"divide_zero", [](const Symbols& t) { return t.y + 0 / t.x; }},
    {"divide_zero", [](const Symbols& t) { return t.y + 1 / t.x; }, false},
    {"cancel_terms", [](const Symbols& t) { return (t.x + t.y) - t.x; }},
    {"cancel_terms", [](const Symbols& t) { return t.x - (t.z + t.x); }},
    {"cancel_terms", [](const Symbols& t) { return (t.x + t.y) + (t.z - t.x); }},
    {"cancel_terms", [](const Symbols& t) { return (t.x + t.y) + t.x; }, false},
    {"cancel_factors", [](const Symbols& t) { return (t.x * t.y) / t.x; }},
    {"cancel_factors", [](const Symbols& t) { return t.x / (t.y * t.x); }},
    {"cancel_factors", [](const Symbols& t) { return (t.x / t.y) * (t.y / t.z); }},
    {"cancel_factors", [](const Symbols& t) { return (t.x * t.y) / t.z; }, false},
    {"divide_by_inverse", [](const Symbols& t) { return t.x / (1 / t.y); }},
    {"divide_by_inverse", [](const Symbols& t) { return t.x / (t.z / t.y); }, false},
    {"exp_log", [](const Symbols& t) { return exp(log(t.x)) * t.y; }},
    {"exp_log", [](const Symbols& t) { return exp(log(t.x) * t.y); }, false},
    {"expm1_log1p", [](const Symbols& t) { return expm1(log1p(t.x)) * t.y; }},
    {"expm1_log1p", [](const Symbols& t) { return expm1(log(t.x)); }, false},
    {"log1p_expm1", [](const Symbols& t) { return log1p(expm1(t.x)) * t.y; }},
    {"log1p_expm1", [](const Symbols& t) { return log1p(t.x); }, false},
};
// clang-format on

}  // namespace

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
