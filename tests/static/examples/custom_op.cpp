// Every pass leaves the numbers of the example `custom_op` as they were.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/example.hpp"

namespace custom_op {
#include "examples/13_custom_op.cpp"

static_assert(tg::passes_agree<Margin, tg::f64>);
static_assert(tg::passes_agree<Learn, tg::f64>);
}  // namespace custom_op
