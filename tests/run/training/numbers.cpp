// Other numbers: models in double, targets that are numbers, samples from Eigen.
// SPDX-License-Identifier: MIT
#include "tests/run/training/points.hpp"

using namespace tg;
using namespace tg::test;

using Regressor = Sequence<Input<1>, Linear<16>, Tanh, Linear<2>>;

namespace {

// y = (x^2, 1 - x)
template <class T>
struct Curve {
  explicit Curve(int count) {
    for (int i = 0; i < count; ++i) {
      const T value = T(2 * i) / T(count) - 1;
      x.push_back(value);
      y.push_back(value * value);
      y.push_back(1 - value);
    }
  }
  std::vector<T> x, y;
};

template <DType dtype, class T>
void learn_curve() {
  const Curve<T> curve(201), held(50);
  Model<Regressor, Cpu, dtype> model;
  Trainer trainer{model, MeanSquaredError{}, Adam{.learning_rate = 0.01}, batch<32>};
  const History history =
      trainer.fit(curve.x, curve.y,
                  {.epochs = 100, .validation = {held.x, held.y}, .progress = Progress::none});
  CHECK(history.loss.back() < 0.005);
  CHECK(history.validation_loss.back() < 0.005);
  CHECK(history.accuracy.empty());
  CHECK(history.validation_accuracy.empty());
}

}  // namespace

TEST_CASE("numbers are learned as classes are") {
  learn_curve<f32, float>();
  learn_curve<f64, double>();
  learn_curve<f64, float>();  // converted on the way
}

TEST_CASE("targets must be as many and of the samples' type") {
  const Curve<float> curve(20);
  Model<Regressor> model;
  Trainer trainer{model, MeanSquaredError{}, Adam{}, batch<32>};
  CHECK(error_of([&] { trainer.fit(curve.x, curve.x); }) ==
        "fit: found 20 targets for 20 samples, expected 40");
  CHECK(error_of([&] { trainer.fit(curve.x, std::vector<double>(40)); }) ==
        "fit: found targets of type f64, expected f32");
  CHECK(error_of([&] { trainer.fit(curve.x, std::vector<std::int32_t>(40)); }) ==
        "fit: found targets of type i32, expected f32");
}

TEST_CASE("a model in double learns from floats, closely as one in float") {
  const auto train = points(300);
  const auto run = [&](auto& model) {
    Trainer trainer{model, CrossEntropy{}, Sgd{.learning_rate = 0.1}, batch<64>};
    return trainer.fit(train, {.epochs = 3, .validation = &train, .progress = Progress::none});
  };
  Model<Classifier, Cpu, f64> wide;
  Model<Classifier> narrow;
  const History a = run(wide), b = run(narrow);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(a.loss[i] == Approx(b.loss[i]).epsilon(1e-4));
    CHECK(a.validation_loss[i] == Approx(b.validation_loss[i]).epsilon(1e-4));
  }
}

TEST_CASE("samples may be rows of an Eigen matrix") {
  const auto train = points(64);
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Matrix rows = Eigen::Map<const Matrix>(train.images().data(), 64, 2);
  const Eigen::VectorXi labels = Eigen::Map<const Eigen::VectorXi>(train.labels().data(), 64);
  const auto run = [&](auto fit) {
    Model<Classifier> model;
    Trainer trainer{model, CrossEntropy{}, Adam{}, batch<16>};
    fit(trainer);
    return parameters(model);
  };
  CHECK(run([&](auto& trainer) { trainer.fit(rows, labels, {.progress = Progress::none}); }) ==
        run([&](auto& trainer) { trainer.fit(train, {.progress = Progress::none}); }));
}
