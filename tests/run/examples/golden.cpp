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
namespace lenet_theano {
#include "examples/11_lenet_theano.cpp"
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

TEST_CASE("five epochs of the tutorial's LeNet leave at most 1.4 % wrong", "[examples]") {
  if (!data::find("mnist")) {
    WARN("skipped: no MNIST in the folder that TYPEGRAD_DATA names");
    return;
  }
  using Net = lenet_theano::LeNet<>;
  using Train = lenet_theano::TrainModel<Net>;
  using Errors = lenet_theano::Errors<Net>;
  const example::Parts parts = example::tutorial_parts("", 0);
  Shared<Train, Errors> state{23455};
  Function<Train> train{state};
  Function<Errors> errors{state};
  double best = 1;
  const double test = example::learn(
      parts, 50, 5, [&](auto images, auto labels) { train(images, labels); },
      [&](const example::Part& part) {
        const double error = double(errors(part.images, part.labels));
        if (&part == &parts.validation) best = std::min(best, error);
        return error;
      },
      [] {});
  CHECK(best <= 0.014);
  CHECK(test <= 0.014);
}

}  // namespace tg::test
