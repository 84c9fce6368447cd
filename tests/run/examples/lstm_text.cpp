// Every pass leaves the numbers of the example `lstm_text` as they were.
// SPDX-License-Identifier: MIT
#include <chrono>

#include "examples/text_model.hpp"
#include "tests/run/examples/passes.hpp"

namespace {
namespace lstm_text {
#include "examples/12_lstm_text.cpp"
using Network = example::TextNetwork<Memory, Head>;
}  // namespace lstm_text
}  // namespace

namespace tg::test {

TEST_CASE("the passes of a network that reads and writes text", "[examples]") {
  check_definition<example::Learn<lstm_text::Network, lstm_text::Solver, 32>>({.low = 0.1});
  check_definition<example::Judge<lstm_text::Network, 32>>();
  check_definition<example::Write<lstm_text::Network>>();
}

}  // namespace tg::test
