// Gradients that are changed on their way: stopped, scaled, cut off, defined by the user.
// SPDX-License-Identifier: MIT
#include "laboratory.hpp"

namespace tg::test {
namespace {

// Rounds, and lets the gradient through as if it had not (Bengio, Leonard and Courville,
// "Estimating or propagating gradients through stochastic neurons", 2013).
struct StraightThrough {
  static constexpr Var value(Var x) { return round(x); }
  static constexpr Var gradient(Var, Var, Var dy) { return dy; }
};

// log(1 + exp(x)) by a formula that overflows, with a gradient that does not.
struct Softplus {
  static constexpr Var value(Var x) { return log(1 + exp(x)); }
  static constexpr Var gradient(Var x, Var, Var dy) { return dy * sigmoid(x); }
};

// x w, whose gradients are 3 times and 5 times those of the product.
struct Weighted {
  static constexpr Var value(Var x, Var w) { return x * w; }
  static constexpr std::array<Var, 2> gradient(Var x, Var w, Var, Var dy) {
    return {3 * dy * w, 5 * dy * x};
  }
};

}  // namespace

TEST_CASE("values are unchanged, gradients are as stated", "[derivatives]") {
  Lab<double> lab;
  const Var w = lab.shared({3}, {1, -2, 3}), slope = lab.shared({3}, {-4, 0.5, 4});
  const auto is = [&](Var y, const Numbers<double>& gradient) {
    CHECK(value(lab, y) == Numbers<double>{1, -2, 3});
    CHECK(value(lab, grad(sum(y * slope, within), w, zero_if_disconnected)) == gradient);
  };
  is(w * 1.0, {-4, 0.5, 4});
  is(stop_gradient(w), {0, 0, 0});
  is(zero_gradient(w), {0, 0, 0});
  is(grad_scale(w, -0.5), {2, -0.25, -2});
  is(grad_clip(w, -1, 2), {-1, 0.5, 2});
  is(grad_clip(grad_scale(w, 10), -10, 20), {-40, 5, 40});
  is(grad_scale(grad_clip(w, -1, 2), 10), {-1, 2, 2});
}

TEST_CASE("a gradient of one's own takes the place of the value's", "[derivatives]") {
  Lab<double> lab(2);
  const Var x = lab.input({2}, {0.4, 1.6, -0.7, 2.2}), w = lab.shared({2}, {3, 4});
  const Var rounded = custom_gradient<StraightThrough>(x);
  CHECK(value(lab, rounded) == Numbers<double>{0, 2, -1, 2});
  CHECK(value(lab, grad(sum(rounded * w), x)) == Numbers<double>{3, 4, 3, 4});

  const Var product = custom_gradient<Weighted>(x, w);
  CHECK(value(lab, product) == value(lab, x * w));
  CHECK(value(lab, grad(sum(product), x)) == Numbers<double>{9, 12, 9, 12});
  const Numbers<double> of_w = value(lab, grad(sum(product), w));
  CHECK(of_w[0] == Approx(5 * (0.4 - 0.7)));
  CHECK(of_w[1] == Approx(5 * (1.6 + 2.2)));
}

TEST_CASE("a gradient of one's own is differentiated again as it is written", "[derivatives]") {
  Lab<double> lab(2);
  const Var x = lab.input({4}, noise<double>(8, 3)), y = custom_gradient<Softplus>(x);
  check_gradients(lab, sum(y * y));
  check_gradients(lab, sum(square(grad(sum(y * y), x))), 1e-6);
  CHECK(value(lab, jvp(y, x, x)) == value(lab, x * sigmoid(x)));
}

}  // namespace tg::test
