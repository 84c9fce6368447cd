// Every pass leaves the numbers of the example `logistic_regression` as they were.
// SPDX-License-Identifier: MIT
#include <typegrad/io/npz.hpp>
#include <typegrad/views/images.hpp>

#include "examples/tutorial.hpp"
#include "tests/run/examples/passes.hpp"

namespace {
namespace logistic_regression {
#include "examples/10_logistic_regression.cpp"
}
}  // namespace

namespace tg::test {

TEST_CASE("the passes of the tutorial's logistic regression", "[examples]") {
  namespace example = logistic_regression;
  check_definition<example::TrainModel<example::GradientDescent>>();
  check_definition<example::TrainModel<example::Momentum>>();
  check_definition<example::Errors>();
}

}  // namespace tg::test
