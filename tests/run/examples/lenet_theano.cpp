// Every pass leaves the numbers of the example `lenet_theano` as they were.
// SPDX-License-Identifier: MIT
#include <typegrad/views/images.hpp>

#include "examples/tutorial.hpp"
#include "tests/run/examples/passes.hpp"

namespace {
namespace lenet_theano {
#include "examples/11_lenet_theano.cpp"
}
}  // namespace

namespace tg::test {

TEST_CASE("the passes of the tutorial's LeNet", "[examples]") {
  check_definition<lenet_theano::TrainModel<lenet_theano::LeNet<>>>();
  check_definition<lenet_theano::Errors<lenet_theano::LeNet<>>>();
}

}  // namespace tg::test
