// Every pass leaves the numbers of the small definition of the example `seeing` as they were.
// SPDX-License-Identifier: MIT
#include <typegrad/io/npz.hpp>
#include <typegrad/views/dot.hpp>
#include <typegrad/views/graph_html.hpp>
#include <typegrad/views/images.hpp>
#include <typegrad/views/monitor.hpp>
#include <typegrad/views/nan_guard.hpp>
#include <typegrad/views/profile.hpp>

#include "examples/command_line.hpp"
#include "tests/example.hpp"

namespace seeing {
#include "examples/14_seeing.cpp"

// Roots of positive numbers.
static_assert(tg::passes_agree<Rate, tg::f64, tg::CheckOptions{.low = 0.1}>);
}  // namespace seeing
