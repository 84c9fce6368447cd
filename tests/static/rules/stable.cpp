// Rules for logarithms, sigmoids and softmax keep the numbers of their formulas.
// SPDX-License-Identifier: MIT
#include "tests/rules/stable.hpp"

#include "tests/rules/in_the_compiler.hpp"

namespace tg::test {

static_assert(all_hold<logarithm_cases>());
static_assert(all_hold<sigmoid_cases>());
static_assert(all_hold<softmax_cases>());
static_assert(all_hold<erf_cases>());

}  // namespace tg::test
