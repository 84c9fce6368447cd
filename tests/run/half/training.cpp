// Learning in half precision: the same error as in float, and what master weights are for.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/data/digits.hpp"
#include "typegrad/typegrad.hpp"

namespace tg::test {
namespace {

// Logistic regression as in examples/10_logistic_regression.cpp: batches of 500 in their order,
// rate 0.13, all weights 0 at first.
struct Regression {
  Var log_p, prediction;
  constexpr Regression(Scope& s, Var x)
      : log_p(log(softmax(matmul(s.parameter("W", {10, 784}, Zeros{}), x) +
                          s.parameter("b", {10}, Zeros{})))),
        prediction(argmax(log_p)) {}
};
struct Learn {
  static constexpr Var define(Scope& s) {
    const Regression classifier(s, s.input("x", {784}));
    const Var cost = -mean(pick(classifier.log_p, s.label("y")));
    for (Var p : s.parameters()) s.update(p, p - 0.13 * grad(cost, p));
    return cost;
  }
};
struct Errors {
  static constexpr Var define(Scope& s) {
    const Regression classifier(s, s.input("x", {784}));
    return mean(cast(not_equal(classifier.prediction, s.label("y")), f32));
  }
};

constexpr int batch_size = 500, epochs = 20;
const data::Dataset& digits() {
  static const data::Dataset all = data::digits({.train = 6000, .test = 4000});
  return all;
}
template <class Step>
void each_batch(Step step) {
  const data::Split& train = digits().train;
  for (int epoch = 0; epoch < epochs; ++epoch)
    for (std::int64_t first = 0; first < train.count(); first += batch_size)
      step(train.images().slice(first, batch_size), train.labels().slice(first, batch_size));
}

// Per cent of the test digits, learned by functions.
template <DType dtype>
double error_of_functions() {
  using Train = Function<Learn, Cpu, dtype>;
  using Test = Function<Errors, Cpu, dtype>;
  Shared<Train, Test> state;
  Train train{state};
  Test test{state};
  const auto numbers = [](auto images) {  // of the function's type
    return std::vector<typename Train::Element>(images.begin(), images.end());
  };
  each_batch([&](auto images, auto labels) { train(numbers(images), labels); });
  return 100 * double(test(numbers(digits().test.images()), digits().test.labels()));
}
// The same by a trainer.
template <DType dtype, class... Masters>
double error_of_trainer(Masters... masters) {
  Model<Sequence<Input<784>, Linear<10, filler<Zeros>>>, Cpu, dtype> model;
  Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.13}, batch<batch_size>, masters...};
  each_batch([&](auto images, auto labels) {
    trainer.step(Samples(images.data(), images.count(), Shape{784}), labels);
  });
  const auto images = digits().test.images();
  return 100 - 100 * trainer
                         .evaluate(Samples(images.data(), images.count(), Shape{784}),
                                   digits().test.labels())
                         .accuracy;
}

using Wide = Sequence<Input<2>, Linear<1, no_bias>>;

// One weight of 1 after `steps` steps of 2^-12 down: a bfloat16 below 1 has a unit of 2^-8.
template <class... Masters>
float weight_after(int steps, Masters... masters) {
  Model<Wide, Cpu, bf16> model;
  model.template parameter<"0.weight">().setConstant(bfloat16(1));
  // The loss is (w1 x1 + w2 x2 - t)^2, its gradient 2 (w1 x1 + w2 x2 - t) x: 1 where the sum is t +
  // 0.5.
  Trainer trainer{model, MeanSquaredError{}, Sgd{.learning_rate = 0x1p-12}, batch<1>, masters...};
  for (int i = 0; i < steps; ++i) {
    const float sum = model.template parameter<"0.weight">()(0, 0);
    trainer.step(std::vector{1.f, 0.f}, std::vector{sum - 0.5f});
  }
  return model.template parameter<"0.weight">()(0, 0);
}

}  // namespace

TEST_CASE("Logistic regression reaches one error in all dtypes", "[half]") {
  const double expected = error_of_functions<f32>();
  CHECK(expected < 16);
  CHECK(std::abs(error_of_functions<f64>() - expected) < 0.3);
  CHECK(std::abs(error_of_functions<f16>() - expected) < 0.3);
  CHECK(std::abs(error_of_functions<bf16>() - expected) < 0.3);
  CHECK(std::abs(error_of_trainer<f16>() - expected) < 0.3);
  CHECK(std::abs(error_of_trainer<f16>(master_weights) - expected) < 0.3);
  CHECK(std::abs(error_of_trainer<bf16>(master_weights) - expected) < 0.3);
}

TEST_CASE("Master weights gather the steps that a half has no bits for", "[half]") {
  CHECK(weight_after(64) == 1);  // each step is rounded away
  CHECK(weight_after(64, master_weights) == 1 - 64 * 0x1p-12f);
}

TEST_CASE("Master weights follow who else changes the model", "[half]") {
  Model<Wide, Cpu, f16> model;
  Trainer trainer{model, MeanSquaredError{}, Sgd{.learning_rate = 0}, batch<1>, master_weights};
  auto weight = model.parameter<"0.weight">();
  const float16 first = weight(0, 0);
  trainer.step(std::vector{1.f, 1.f}, std::vector{0.f});
  CHECK(weight(0, 0).bits == first.bits);
  weight(0, 1) = float16(0.375);
  trainer.step(std::vector{1.f, 1.f}, std::vector{0.f});
  CHECK(float(weight(0, 1)) == 0.375f);
}

TEST_CASE("Where there are no halves, master weights are the weights", "[half]") {
  const auto loss = [](auto... masters) {
    Model<Wide> model(3);
    Trainer trainer{model, MeanSquaredError{}, Adam{}, batch<1>, masters...};
    double last = 0;
    for (int i = 0; i < 5; ++i) last = trainer.step(std::vector{1.f, 2.f}, std::vector{0.5f});
    return last;
  };
  CHECK(loss() == loss(master_weights));
}

TEST_CASE("fit learns in half, with state in float", "[half]") {
  using Net = Sequence<Input<1, 28, 28>, Conv<4, 5, stride<2>>, BatchNorm<>, Relu, Flatten,
                       Dropout<0.1>, Linear<10>>;
  Model<Net, Cpu, bf16> model;
  static_assert(std::is_same_v<decltype(model.parameter<"0.weight">())::Scalar, bfloat16>);
  static_assert(std::is_same_v<decltype(model.parameter<"1.running_mean">())::Scalar, float>);
  Trainer trainer{model, CrossEntropy{}, Adam{.learning_rate = 3e-3}, batch<64>, master_weights};
  trainer.fit(digits().train, {.epochs = 2, .progress = Progress::none});
  CHECK(trainer.evaluate(digits().test).accuracy > 0.85);
}

}  // namespace tg::test
