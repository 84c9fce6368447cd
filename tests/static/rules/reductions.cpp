// Rules for reductions and products keep the numbers of their formulas.
// SPDX-License-Identifier: MIT
#include "tests/rules/in_the_compiler.hpp"
#include "tests/rules/moves.hpp"

namespace tg::test {

static_assert(all_hold<reduction_cases>());
static_assert(all_hold<product_cases>());

}  // namespace tg::test
