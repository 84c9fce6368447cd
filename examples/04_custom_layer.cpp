// A layer of one's own, without a backward pass; its gradient checked by finite differences.
// test-arguments:
// SPDX-License-Identifier: MIT
#include <cmath>
#include <cstdio>
#include <typegrad/typegrad.hpp>

// clang-format off
// [layer]
// Swish-gated linear unit (Shazeer, "GLU variants improve transformer", 2020).
template <int Units> struct Swiglu {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {       // x: (features)
    auto gate = s.parameter("gate", {Units, x.shape()[0]}, tg::He{});
    auto up   = s.parameter("up",   {Units, x.shape()[0]}, tg::He{});
    auto g = matmul(gate, x);
    return g * sigmoid(g) * matmul(up, x);
  }
};
// [/layer]
// clang-format on

// The largest difference between the gradient of the loss and (loss(w + h) - loss(w - h)) / 2h,
// over all parameters w and relative to the largest gradient. In double, since a difference of
// floats keeps few digits.
// [check]
double check_gradient() {
  using Small = tg::Sequence<tg::Input<6>, Swiglu<5>, tg::Linear<3>>;
  tg::Model<Small, tg::Cpu, tg::f64> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Sgd{.learning_rate = 0}, tg::batch<16>};

  tg::Random random(1);
  std::vector<double> x(16 * 6);
  std::vector<int> labels(16);
  for (double& number : x) number = random.between(-1, 1);
  for (int& label : labels) label = int(random.below(3));
  trainer.step(x, labels);  // at a rate of 0: gradients, and nothing learned

  double largest = 0, difference = 0;
  for (const auto& variable : model.variables()) {
    auto w = model.view(variable);
    for (int i = 0; i < w.size(); ++i) {
      const double h = 1e-5, value = w.data()[i];
      w.data()[i] = value + h;
      const double above = trainer.evaluate(x, labels).loss;
      w.data()[i] = value - h;
      const double below = trainer.evaluate(x, labels).loss;
      w.data()[i] = value;
      const double gradient = trainer.gradient(variable)[i];
      largest = std::fmax(largest, std::fabs(gradient));
      difference = std::fmax(difference, std::fabs(gradient - (above - below) / (2 * h)));
    }
  }
  return difference / largest;
}
// [/check]

int main() {
  const double error = check_gradient();
  std::printf("gradient against finite differences: %.1e\n", error);

  using Network = tg::Sequence<tg::Input<1, 28, 28>, tg::Flatten, Swiglu<64>, tg::Linear<10>>;
  auto digits = tg::data::digits({.train = 10000, .test = 2000});
  tg::Model<Network> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 2e-3}, tg::batch<64>};
  trainer.fit(digits.train, {.epochs = 3});
  std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
  return error < 1e-7 ? 0 : 1;
}
