// Every pass leaves the numbers of the example `seeing` as they were.
// SPDX-License-Identifier: MIT
#include <typegrad/io/npz.hpp>
#include <typegrad/views/dot.hpp>
#include <typegrad/views/graph_html.hpp>
#include <typegrad/views/images.hpp>
#include <typegrad/views/monitor.hpp>
#include <typegrad/views/nan_guard.hpp>
#include <typegrad/views/profile.hpp>

#include "tests/run/examples/passes.hpp"

namespace {
namespace seeing {
#include "examples/14_seeing.cpp"
}
}  // namespace

namespace tg::test {

TEST_CASE("the passes of a network that is looked at", "[examples]") {
  check_definition<seeing::Predict>();
}

}  // namespace tg::test
