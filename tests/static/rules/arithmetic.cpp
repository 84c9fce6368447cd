// Rules for constants, zeros, ones and signs keep the numbers of their formulas.
// SPDX-License-Identifier: MIT
#include "tests/rules/arithmetic.hpp"

#include "tests/rules/in_the_compiler.hpp"

namespace tg::test {

static_assert(all_hold<fold_cases>());
static_assert(all_hold<arithmetic_cases>());
static_assert(all_hold<cancel_cases>());

}  // namespace tg::test
