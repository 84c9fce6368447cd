// Networks of integers: a Model predicts, a Trainer fits, and what lies outside is refused.
// SPDX-License-Identifier: MIT
#include <limits>

#include "tests/run/training/points.hpp"

using namespace tg;
using namespace tg::test;

namespace {

// The sum of two words, modulo 4.
using Adder = Sequence<Tokens<2>, Embedding<4, 12>, Flatten, Linear<32>, Tanh, Linear<4>>;

struct Sums {
  std::vector<std::int32_t> words, labels;
  explicit Sums(int count) {
    for (int i = 0; i < count; ++i) {
      words.insert(words.end(), {i % 4, i / 4 % 4});
      labels.push_back((i + i / 4) % 4);
    }
  }
};

}  // namespace

TEMPLATE_TEST_CASE("a network of integers learns", "", float, double) {
  constexpr DType dtype = sizeof(TestType) == 8 ? f64 : f32;
  static_assert(vocabulary<Adder> == 4 && vocabulary<Classifier> == 0);
  const Sums sums(160);
  Model<Adder, Cpu, dtype> model;
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 0.02}, batch<32>};
  const History history =
      trainer.fit(sums.words, sums.labels, {.epochs = 30, .progress = Progress::none});
  CHECK(history.accuracy.back() == 1);
  CHECK(trainer.evaluate(sums.words, sums.labels).accuracy == 1);
  const auto logits = model(sums.words);
  REQUIRE(logits.rows() == 160);
  for (int i = 0; i < 160; ++i) {
    Eigen::Index best = 0;
    logits.row(i).maxCoeff(&best);
    CHECK(best == sums.labels[std::size_t(i)]);
  }
  // One sample at a time, the same network.
  Model<Adder, Cpu, dtype, batch<1>> alone;
  for (std::size_t v = 0; v < model.variables().size(); ++v)
    alone.view(alone.variables()[v]) = model.view(model.variables()[v]);
  const auto one = alone(std::vector<std::int32_t>{3, 2});
  CHECK((one - logits.row(11)).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("integers in, numbers out") {
  const Sums sums(64);
  std::vector<float> targets;
  for (std::int32_t label : sums.labels) targets.push_back(float(label));
  Model<Sequence<Tokens<2>, Embedding<4, 12>, Flatten, Linear<32>, Tanh, Linear<1>>> model;
  Trainer trainer{model, MeanSquaredError{}, Adam{.learning_rate = 0.02}, batch<32>};
  const History history =
      trainer.fit(sums.words, targets, {.epochs = 60, .progress = Progress::none});
  CHECK(history.loss.back() < 0.05);
  CHECK(error_of([&] { trainer.fit(sums.words, sums.labels, {.progress = Progress::none}); }) ==
        "fit: found targets of type i32, expected f32");
}

TEST_CASE("integers outside of the vocabulary") {
  Sums sums(40);
  Model<Adder> model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  const std::vector<double> before = parameters(model);
  sums.words[35] = 4;
  const std::string expected = "found integer 4 in sample 17, expected 0 to 3";
  CHECK(error_of([&] { model(sums.words); }) == "model: " + expected);
  CHECK(error_of([&] {
          trainer.step(std::vector<std::int32_t>{0, -1}, std::vector<std::int32_t>{1});
        }) == "trainer: found integer -1 in sample 0, expected 0 to 3");
  CHECK(error_of([&] { trainer.fit(sums.words, sums.labels, {.progress = Progress::none}); }) ==
        "fit: " + expected);
  CHECK(error_of([&] {
          trainer.fit(std::vector<float>(80), sums.labels, {.progress = Progress::none});
        }) == "fit: found samples of type f32, expected i32");
  CHECK(parameters(model) == before);
}

TEST_CASE("a number that is none comes from a layer behind integers") {
  const Sums sums(40);
  Model<Adder> model;
  model.get<"2.weight">()(0, 0) = std::numeric_limits<float>::quiet_NaN();
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<32>};
  const std::string words = error_of(
      [&] { trainer.fit(sums.words, sums.labels, {.progress = Progress::none, .debug = true}); });
  CHECK(words.find("2.weight") != std::string::npos);
}

TEST_CASE("a network of integers is summed up") {
  CHECK(summary<Adder>().find("Embedding") != std::string::npos);
}
