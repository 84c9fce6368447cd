// Formulas for the rules of logarithms, sigmoids and softmax.
// SPDX-License-Identifier: MIT
#pragma once
#include "tests/rules/cases.hpp"

namespace tg::test {

// sum over axis 1 of a matrix, in a shape that its rows divide by.
constexpr Var by_rows(Var x) { return reshape(sum(x, 1), {x.shape()[0], 1}); }

// clang-format off
inline constexpr RuleCase logarithm_cases[] = {
    {"stable_log", [](const Symbols& t) { return log(softmax(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(reshape(softmax(t.matrix), {12})); }},
    {"stable_log", [](const Symbols& t) { return log(transpose(softmax(t.matrix))); }},
    {"stable_log", [](const Symbols& t) { return log(slice(softmax(t.x), 0, 1, 2)); }},
    {"stable_log", [](const Symbols& t) { return log(pick(softmax(t.x), t.label)); }},
    {"stable_log", [](const Symbols& t) { return log(broadcast(softmax(t.x), {3, 4})); }},
    {"stable_log", [](const Symbols& t) { return log(softmax(t.x) * t.y); }},
    {"stable_log", [](const Symbols& t) { return log(select(less(t.x, t.y), softmax(t.x), 1)); }},
    {"stable_log", [](const Symbols& t) { return log(sum(one_hot(t.label, 4) * softmax(t.x), within)); }},
    {"stable_log", [](const Symbols& t) { return log(exp(t.x) / broadcast(sum(exp(t.x), within), {4})); }},
    {"stable_log", [](const Symbols& t) { return log(sigmoid(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(1 - sigmoid(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(exp(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(1 + t.x); }},
    {"stable_log", [](const Symbols& t) { return log(t.x + 1); }},
    {"stable_log", [](const Symbols& t) { return log(1 - t.x); }},
    {"stable_log", [](const Symbols& t) { return log(1 + exp(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(exp(t.x) + exp(t.y)); }},
    {"stable_log", [](const Symbols& t) { return log(sum(exp(t.matrix), 1)); }},
    {"stable_log", [](const Symbols& t) { return log(sum(exp(t.matrix), within)); }},
    {"stable_log", [](const Symbols& t) { return log(erfc(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(1 + erf(t.x)); }},
    {"stable_log", [](const Symbols& t) { return log(reshape(0.5 * erfc(3 * t.x), {2, 2})); }},
    {"stable_log", [](const Symbols& t) { return log(2 + t.x); }, false},
    {"stable_log", [](const Symbols& t) { return log(t.y + t.x); }, false},
    {"stable_log", [](const Symbols& t) { return log(sum(t.matrix, 1)); }, false},
    {"stable_log", [](const Symbols& t) { return log(reshape(t.x, {2, 2})); }, false},
    {"log1p_exp", [](const Symbols& t) { return log1p(exp(t.x)); }},
    {"log1p_exp", [](const Symbols& t) { return log1p(t.x); }, false},
    {"log1p_negated_sigmoid", [](const Symbols& t) { return log1p(-sigmoid(t.x)); }},
    {"log1p_negated_sigmoid", [](const Symbols& t) { return log1p(-t.x); }, false},
    {"exp_minus_one", [](const Symbols& t) { return exp(t.x) - 1; }},
    {"exp_minus_one", [](const Symbols& t) { return exp(t.x) + -1; }},
    {"exp_minus_one", [](const Symbols& t) { return exp(t.x) - 2; }, false},
    {"one_minus_exp", [](const Symbols& t) { return 1 - exp(t.x); }},
    {"one_minus_exp", [](const Symbols& t) { return 2 - exp(t.x); }, false},
};

inline constexpr RuleCase sigmoid_cases[] = {
    {"sigmoid_by_hand", [](const Symbols& t) { return 1 / (1 + exp(-t.x)); }},
    {"sigmoid_by_hand", [](const Symbols& t) { return 1 / (1 + exp(t.x)); }},
    {"sigmoid_by_hand", [](const Symbols& t) { return t.x / (exp(-t.x) + 1); }},
    {"sigmoid_by_hand", [](const Symbols& t) { return exp(t.x) / (1 + exp(t.x)); }},
    {"sigmoid_by_hand", [](const Symbols& t) { return 1 / (2 + exp(-t.x)); }, false},
    {"sigmoid_times_exp", [](const Symbols& t) { return exp(t.x) * sigmoid(-t.x); }},
    {"sigmoid_times_exp", [](const Symbols& t) { return exp(t.x) * sigmoid(t.x); }, false},
    {"one_minus_sigmoid", [](const Symbols& t) { return 1 - sigmoid(t.x); }},
    {"one_minus_sigmoid", [](const Symbols& t) { return 2 - sigmoid(t.x); }, false},
};

inline constexpr RuleCase erf_cases[] = {
    {"one_minus_erf", [](const Symbols& t) { return 1 - erf(t.x); }},
    {"one_minus_erf", [](const Symbols& t) { return erf(t.x) - 1; }},
    {"one_minus_erf", [](const Symbols& t) { return -1 + erf(t.x); }},
    {"one_minus_erf", [](const Symbols& t) { return 2 - erf(t.x); }, false},
    {"one_minus_erf", [](const Symbols& t) { return 1 + erf(t.x); }, false},
    {"one_minus_erfc", [](const Symbols& t) { return 1 - erfc(t.x); }},
    {"one_minus_erfc", [](const Symbols& t) { return erfc(t.x) - 1; }},
    {"one_minus_erfc", [](const Symbols& t) { return erfc(t.x) + -1; }},
    {"one_minus_erfc", [](const Symbols& t) { return erfc(t.x) - 2; }, false},
    {"exp_times_erfc", [](const Symbols& t) { return erfc(t.x) * exp(t.x * t.x); }},
    {"exp_times_erfc", [](const Symbols& t) { return erfc(t.x) * exp(t.x * t.y); }, false},
    {"exp_times_erfc", [](const Symbols& t) { return erfc(t.x) * exp(-(t.x * t.x)); }, false},
    {"exp_over_erfc", [](const Symbols& t) { return exp(-(t.x * t.x)) / erfc(t.x); }},
    {"exp_over_erfc", [](const Symbols& t) { return exp(-t.x * t.x) / erfc(t.x); }},
    {"exp_over_erfc", [](const Symbols& t) { return exp(t.x * t.x) / erfc(t.x); }, false},
    {"exp_over_erfc", [](const Symbols& t) { return exp(-(t.y * t.y)) / erfc(t.x); }, false},
};

inline constexpr RuleCase softmax_cases[] = {
    {"softmax_by_hand", [](const Symbols& t) { return exp(t.x) / broadcast(sum(exp(t.x), within), {4}); }},
    {"softmax_by_hand", [](const Symbols& t) { return exp(t.matrix) / by_rows(exp(t.matrix)); }},
    {"softmax_by_hand", [](const Symbols& t) { return exp(t.matrix) / sum(exp(t.matrix), 0); }},
    {"softmax_by_hand", [](const Symbols& t) { return exp(t.x) / broadcast(sum(exp(t.y), within), {4}); }, false},
    {"softmax_shifted", [](const Symbols& t) { return softmax(t.x - broadcast(max(t.x, 0), {4})); }},
    {"softmax_shifted", [](const Symbols& t) { return log_softmax(t.x - t.number); }},
    {"softmax_shifted", [](const Symbols& t) { return softmax(t.x - t.y); }, false},
    {"log_softmax_by_hand", [](const Symbols& t) { return t.matrix - broadcast(reshape(log(sum(exp(t.matrix), 1)), {3, 1}), {3, 4}); }},
    {"log_softmax_by_hand", [](const Symbols& t) { return t.x - broadcast(log(sum(exp(t.x), within)), {4}); }},
    {"log_softmax_by_hand", [](const Symbols& t) { return t.x - broadcast(log(sum(exp(t.y), within)), {4}); }, false},
};
// clang-format on

}  // namespace tg::test
