// What fit, step and evaluate refuse; the model stays as it was.
// SPDX-License-Identifier: MIT
#include "tests/run/training/points.hpp"

using namespace tg;
using namespace tg::test;

namespace {

struct Bench {
  Model<Classifier> model;
  Trainer<Model<Classifier>, CrossEntropy, Adam, 32> trainer{model, CrossEntropy{}, Adam{},
                                                             batch<32>};
  std::vector<double> before = parameters(model);

  template <class Call>
  std::string words(Call call) {
    const std::string result = error_of([&] { call(trainer); });
    CHECK(parameters(model) == before);
    CHECK(trainer.steps_done() == 0);
    return result;
  }
};

const std::vector<float> x(2 * 40, 0.5f);
const std::vector<std::int32_t> y(40, 1);
const FitOptions quiet{.progress = Progress::none};

}  // namespace

TEST_CASE("samples that do not fit the network") {
  Bench bench;
  const auto fit = [&](const auto& images, const auto& labels) {
    return bench.words([&](auto& trainer) { trainer.fit(images, labels, quiet); });
  };
  CHECK(fit(std::vector<float>{}, y) == "fit: found 0 numbers, expected a positive multiple of 2");
  CHECK(fit(std::vector<float>(41), y) ==
        "fit: found 41 numbers, expected a positive multiple of 2");
  CHECK(fit(Samples<const float>{x.data(), 20, Shape{4}}, y) ==
        "fit: found rows of 4 numbers, expected rows of 2");
  const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> wide(4, 3);
  CHECK(fit(wide, y) == "fit: found rows of 3 numbers, expected rows of 2");
  CHECK(fit(std::vector<float>(2 * 39), y) == "fit: found 40 targets for 39 samples, expected 39");
  CHECK(fit(std::vector<double>(2 * 40), y) == "fit: found samples of type f64, expected f32");
  CHECK(fit(x, std::vector<float>(40)) == "fit: found targets of type f32, expected i32");
  auto labels = y;
  labels[17] = 2;
  CHECK(fit(x, labels) == "fit: found label 2 at sample 17, expected 0 to 1");
  labels[17] = -1;
  CHECK(fit(x, labels) == "fit: found label -1 at sample 17, expected 0 to 1");
}

TEST_CASE("a validation that does not fit") {
  Bench bench;
  const std::vector<std::int32_t> outside(40, 3);
  CHECK(bench.words([&](auto& trainer) {
    trainer.fit(x, y, {.validation = {x, outside}, .progress = Progress::none});
  }) == "fit's validation: found label 3 at sample 0, expected 0 to 1");
}

TEST_CASE("a validation without samples is not the same as none") {
  Bench bench;
  const data::Split empty({}, {}, {2}, 2);
  CHECK(bench.words([&](auto& trainer) {
    trainer.fit(x, y, {.validation = &empty, .progress = Progress::none});
  }) == "fit's validation: found 0 numbers, expected a positive multiple of 2");
}

TEST_CASE("options that make no sense") {
  Bench bench;
  const auto fit = [&](const FitOptions& options) {
    return bench.words([&](auto& trainer) { trainer.fit(x, y, options); });
  };
  CHECK(fit({.epochs = -1}) == "fit: found -1 epochs, expected at least 0");
  CHECK(fit({.batch = 33}) ==
        "fit: found batches of 33 samples, expected at most 32, the trainer's tg::batch");
  CHECK(fit({.batch = -1}) ==
        "fit: found batches of -1 samples, expected at most 32, the trainer's tg::batch");
}

TEST_CASE("a step refuses the same") {
  Bench bench;
  const auto step = [&](const auto& images, const auto& labels) {
    return bench.words([&](auto& trainer) { trainer.step(images, labels); });
  };
  CHECK_THAT(step(x, y), contains("40 samples, expected at most 32"));
  CHECK_THAT(step(std::vector<float>{}, y),
             contains("0 numbers, expected a positive multiple of 2"));
  CHECK_THAT(step(Samples<const float>{x.data(), 4, Shape{4}}, y),
             contains("samples of 4 numbers, expected samples of 2"));
  CHECK_THAT(step(std::vector<float>(6), y),
             contains("targets of 40 numbers for 3 samples, expected 3"));
  CHECK_THAT(step(std::vector<float>(4), std::vector<std::int32_t>{0, 5}),
             contains("label 5 at sample 1, expected 0 to 1"));
}

TEST_CASE("evaluation refuses the same") {
  Bench bench;
  CHECK(bench.words([&](auto& trainer) {
    trainer.evaluate(fitting::Examples{std::vector<float>(3), y});
  }) == "evaluate: found 3 numbers, expected a positive multiple of 2");
  std::vector<std::int32_t> wrong = y;
  wrong[35] = 5;  // behind the first batch
  CHECK(bench.words([&](auto& trainer) { trainer.evaluate(x, wrong); }) ==
        "evaluate: found label 5 at sample 35, expected 0 to 1");
}

namespace {

// A solver without a learning rate.
struct Fixed {
  double unused = 0;
  static constexpr Var define(Scope& s, Var weight, Var gradient) {
    return weight - (0.1 + s.setting<&Fixed::unused>()) * gradient;
  }
};

}  // namespace

TEST_CASE("a schedule needs a solver with a learning rate") {
  Model<Classifier> model;
  Trainer trainer{model, CrossEntropy{}, Fixed{}, batch<32>};
  CHECK_THAT(error_of([&] {
               trainer.fit(x, y, {.progress = Progress::none, .learning_rate = StepDecay{}});
             }),
             contains("a solver without the member learning_rate"));
  CHECK(trainer.fit(x, y, quiet).epochs() == 1);
}

TEST_CASE("BatchNorm leaves out a last batch that is too small") {
  using Net = Sequence<Input<2>, Linear<4>, BatchNorm<>, Linear<2>>;
  Model<Net> model;
  Trainer trainer{model, CrossEntropy{}, Adam{}, batch<39>};
  CHECK(trainer.fit(x, y, quiet).steps == 1);
  CHECK_THAT(error_of([&] { trainer.fit(x, y, {.batch = 1, .progress = Progress::none}); }),
             contains("found steps of 1 samples, expected at least 2"));
}
