// Every pass leaves the numbers of the examples `residual` and `resnet` as they were.
// SPDX-License-Identifier: MIT
#include "tests/run/examples/passes.hpp"

namespace {
namespace residual {
#include "examples/05_residual.cpp"
}
namespace resnet {
#include "examples/06_resnet.cpp"
}
}  // namespace

namespace tg::test {

TEST_CASE("the passes of a residual network", "[examples]") { check_network<residual::Residual>(); }
TEST_CASE("the passes of ResNet-8", "[examples]") { check_network<resnet::ResNet8>(); }

}  // namespace tg::test
