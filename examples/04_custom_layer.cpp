// A layer of one's own, without a backward pass; its gradient checked by finite differences.
// test-arguments:
// SPDX-License-Identifier: MIT
#include <cstdio>
#include <typegrad/runtime/verify_gradient.hpp>
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

int main() {
  // [check]
  // Its gradient against (f(x + h) - f(x - h)) / 2h, for the input and both parameters.
  const tg::GradientReport report = tg::verify_gradient<Swiglu<5>>(tg::Shape{6});
  std::printf("%s\n", report.text().c_str());
  // [/check]

  using Network = tg::Sequence<tg::Input<1, 28, 28>, tg::Flatten, Swiglu<64>, tg::Linear<10>>;
  auto digits = tg::data::digits({.train = 10000, .test = 2000});
  tg::Model<Network> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 2e-3}, tg::batch<64>};
  trainer.fit(digits.train, {.epochs = 3});
  std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
  return report ? 0 : 1;
}
