// Every pass leaves the numbers of the example `logistic_regression` as they were.
// SPDX-License-Identifier: MIT
#include <typegrad/io/npz.hpp>
#include <typegrad/views/images.hpp>

#include "examples/tutorial.hpp"
#include "tests/example.hpp"

namespace logistic_regression {
#include "examples/10_logistic_regression.cpp"

static_assert(tg::passes_agree<TrainModel<GradientDescent>, tg::f64>);
static_assert(tg::passes_agree<TrainModel<Momentum>, tg::f64>);
static_assert(tg::passes_agree<Errors, tg::f64>);
}  // namespace logistic_regression
