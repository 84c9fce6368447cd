// Every pass leaves the numbers of the example `power_scan` as they were.
// SPDX-License-Identifier: MIT
#include "tests/example.hpp"

namespace power_scan {
#include "examples/09_power_scan.cpp"

static_assert(tg::passes_agree<Power, tg::f64>);
static_assert(tg::passes_agree<Train, tg::f64>);
}  // namespace power_scan
