// What fit shows: plain lines, and a line that fits the terminal.
// SPDX-License-Identifier: MIT
#include "typegrad/training/progress.hpp"

#include <string>

#include "tests/catch.hpp"

using namespace tg;
using fitting::ProgressLine;

namespace {

// What `show` writes to a file.
template <class Show>
std::string written(Progress how, bool accuracy, Show show) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  {
    ProgressLine line(how, file, accuracy);
    show(line);
  }
  std::string text(std::size_t(std::ftell(file)), ' ');
  std::rewind(file);
  CHECK(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

const EpochReport report{.epoch = 2,
                         .epochs = 5,
                         .steps = 40,
                         .train = {0.25, 0.875},
                         .validation = {0.5, 0.75},
                         .seconds = 1.5,
                         .samples_per_second = 46123.4};

}  // namespace

TEST_CASE("a plain line says what an epoch reached") {
  const auto show = [](ProgressLine& line) {
    line.step(2, 5, 0.5, 0.3, {0.3, 0.8}, 1000);
    line.epoch(report, true);
  };
  CHECK(written(Progress::plain, true, show) ==
        "epoch 2/5  loss 0.2500  accuracy 87.50 %  validation loss 0.5000  accuracy 75.00 %  "
        "46,123 samples/s  1.5 s\n");
  CHECK(written(Progress::plain, false, show) ==
        "epoch 2/5  loss 0.2500  validation loss 0.5000  46,123 samples/s  1.5 s\n");
  CHECK(written(Progress::automatic, false, show) ==
        written(Progress::plain, false, show));  // a file is no terminal
  CHECK(written(Progress::none, true, show).empty());
}

TEST_CASE("on a terminal a bar grows, in 80 columns where its width is unknown") {
  const std::string text = written(Progress::terminal, true, [](ProgressLine& line) {
    line.step(2, 5, 0.5, 0.3, {0.3, 0.8}, 1000);
    line.step(2, 5, 0.6, 0.4, {0.3, 0.8}, 1000);  // too soon to be shown
    line.epoch(report, false);
  });
  const std::string first =
      "\repoch 2/5 [====>    ]  50 %  loss 0.3000  accuracy 80.00 %  0.0 s left  1,000/s\x1b[K";
  CHECK(text.substr(0, first.size()) == first);
  CHECK(first.size() <= 79 + 4);
  CHECK(text.substr(first.size()) ==
        "\r\x1b[Kepoch 2/5  loss 0.2500  accuracy 87.50 %  46,123 samples/s  1.5 s\n");
}

TEST_CASE("times and counts are written for people") {
  const auto time = [](double seconds) {
    fitting::Line line;
    return std::string(line.put_time(seconds).c_str());
  };
  CHECK(time(0.04) == "0.0 s");
  CHECK(time(9.94) == "9.9 s");
  CHECK(time(42.4) == "42 s");
  CHECK(time(125) == "2:05 min");
  CHECK(time(7500) == "2:05 h");
  const auto count = [](double number) {
    fitting::Line line;
    return std::string(line.put_grouped(number).c_str());
  };
  CHECK(count(999.4) == "999");
  CHECK(count(999.6) == "1,000");
  CHECK(count(1234567) == "1,234,567");
  CHECK(count(2e9) == "2.0e+09");
  CHECK(time(1e300) == "years");
}

TEST_CASE("what does not fit into a line is left out") {
  fitting::Line line;
  for (int i = 0; i < 1000; ++i) line.put("%d ", i);
  CHECK(line.size() == 511);
  line.cut(3);
  CHECK(std::string(line.c_str()) == "0 1");
}
