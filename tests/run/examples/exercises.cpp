// The tutorial's exercises are other template arguments of its examples, and learn as well.
// SPDX-License-Identifier: MIT
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
namespace {

// The cost of a batch of drawn digits, before and after some steps on it.
template <class Train>
void check_learns(int steps, double share) {
  const auto digits = data::digits({.train = 50, .test = 0});
  Shared<Train> state{23455};
  Function<Train> train{state};
  const double before = double(train(digits.train.images(), digits.train.labels()));
  double after = before;
  for (int step = 0; step < steps; ++step)
    after = double(train(digits.train.images(), digits.train.labels()));
  INFO("from " << before << " to " << after);
  CHECK(after < share * before);
}

}  // namespace

TEST_CASE("momentum, by a variable that holds the velocity", "[examples]") {
  namespace tutorial = logistic_regression;
  check_learns<tutorial::TrainModel<tutorial::GradientDescent>>(100, 0.5);
  check_learns<tutorial::TrainModel<tutorial::Momentum>>(100, 0.5);
}

TEST_CASE("other activations, filters and hidden units of LeNet", "[examples]") {
  namespace tutorial = lenet_theano;
  check_learns<tutorial::TrainModel<tutorial::LeNet<Tanh, 4, 6, 50>>>(120, 0.5);
  check_learns<tutorial::TrainModel<tutorial::LeNet<Relu, 6, 4, 30>>>(120, 0.5);
}

}  // namespace tg::test
