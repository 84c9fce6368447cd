// Rules for powers, choices and moves keep the numbers of their formulas.
// SPDX-License-Identifier: MIT
#include "tests/rules/moves.hpp"

#include "tests/rules/in_the_compiler.hpp"

namespace tg::test {

static_assert(all_hold<power_cases>());
static_assert(all_hold<choice_cases>());
static_assert(all_hold<shape_cases>());

}  // namespace tg::test
