// Every pass leaves the numbers of the example `intro` as they were.
// SPDX-License-Identifier: MIT
#include "tests/example.hpp"

namespace intro {
#include "examples/08_intro.cpp"

static_assert(tg::passes_agree<Predict, tg::f64>);
static_assert(tg::passes_agree<Monitor, tg::f64>);
static_assert(tg::passes_agree<Error, tg::f64>);
static_assert(tg::passes_agree<Train, tg::f64>);
static_assert(tg::passes_agree<Train, tg::f64, tg::fast_compile>);
static_assert(tg::passes_agree<Train, tg::f64, tg::no_optimisation>);
}  // namespace intro
