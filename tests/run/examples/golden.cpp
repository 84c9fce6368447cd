// The tutorial's own figures, where MNIST is there.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <typegrad/io/npz.hpp>
#include <typegrad/views/images.hpp>

#include "examples/tutorial.hpp"
#include "tests/catch.hpp"
#include "tests/example.hpp"

namespace {
namespace logistic_regression {
#include "examples/10_logistic_regression.cpp"
}
}  // namespace

namespace tg::test {

TEST_CASE("the tutorial's logistic regression has its errors, and ends with them", "[examples]") {
  if (!data::find("mnist")) {
    WARN("skipped: no MNIST in the folder that TYPEGRAD_DATA names");
    return;
  }
  using namespace logistic_regression;
  using Train = TrainModel<GradientDescent>;
  const example::Parts parts = example::tutorial_parts("", 0);
  REQUIRE(parts.train.count() == 50000);
  Shared<Train, Errors> state;
  Function<Train> train{state};
  Function<Errors> errors{state};
  int steps = 0;
  std::vector<double> validation;
  const double test = example::learn(
      parts, 500, 1000, [&](auto images, auto labels) { ++steps, train(images, labels); },
      [&](const example::Part& part) {
        const double error = double(errors(part.images, part.labels));
        if (&part == &parts.validation) validation.push_back(100 * error);
        return error;
      },
      [] {});
  REQUIRE(validation.size() > 5);
  const double first[] = {11.89, 10.52, 9.94, 9.48, 9.23};
  for (std::size_t epoch = 0; epoch < 5; ++epoch)
    CHECK(validation[epoch] == Approx(first[epoch]).margin(0.0201));
  CHECK(*std::min_element(validation.begin(), validation.end()) == Approx(7.22).margin(0.0201));
  CHECK(100 * test == Approx(7.69).margin(0.0201));
  CHECK((steps + 99) / 100 == 96);
}

}  // namespace tg::test
