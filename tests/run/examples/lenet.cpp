// Every pass leaves the numbers of the examples `lenet` and `header` as they were.
// SPDX-License-Identifier: MIT
#include "tests/run/examples/passes.hpp"
#include "typegrad/runtime/write_header.hpp"

namespace {
namespace lenet {
#include "examples/03_lenet.cpp"
}
namespace header {
#include "examples/07_header.cpp"
}
}  // namespace

namespace tg::test {

TEST_CASE("the passes of LeNet, and of its solver", "[examples]") {
  check_network<lenet::LeNet>();
  check_network<header::LeNet>();
  check_definition<fitting::SolverUpdate<Adam, 64>>({.low = 0.1});
}

}  // namespace tg::test
