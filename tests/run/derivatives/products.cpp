// Products with Jacobians and Hessians against differences of what is differentiated.
// SPDX-License-Identifier: MIT
#include "laboratory.hpp"

namespace tg::test {
namespace {

// A function of x and w with every kind of step: products, kinks, windows' maxima, reductions.
Var function_of(Var x, Var w) {
  const Var h = tanh(matmul(w, x));
  return concatenate({h * h, reshape(max(h * x[0], 0) + prod(h, 0), {1}), softmax(x)});
}

// For x and w per sample or shared, as `variant` says.
struct Point {
  explicit Point(int variant) : lab(2), per_sample_x((variant & 1) != 0) {
    x = leaf(per_sample_x, {3}, 1);
    w = leaf((variant & 2) != 0, {2, 3}, 2);
    y = function_of(x, w);
  }
  Var leaf(bool per_sample, const Shape& shape, std::uint64_t seed) {
    const int count = shape.size() * (per_sample ? lab.samples : 1);
    return per_sample ? lab.input(shape, noise<double>(count, seed))
                      : lab.shared(shape, noise<double>(count, seed));
  }
  Lab<double> lab;
  bool per_sample_x;
  Var x, w, y;
};

}  // namespace

TEST_CASE("jvp is the change along a direction", "[derivatives]") {
  for (int variant = 0; variant < 4; ++variant)
    for (int of_w = 0; of_w < 2; ++of_w) {
      INFO("variant " << variant << (of_w == 1 ? ", w" : ", x"));
      Point p(variant);
      const Var at = of_w == 1 ? p.w : p.x, v = p.leaf(at.per_sample(), at.shape(), 7);
      if (p.y.per_sample() != at.per_sample() && at.per_sample()) continue;
      const Numbers<double> expected = slopes_along(p.lab, p.y, of_w, 2);
      CHECK(distance(value(p.lab, jvp(p.y, at, v)), expected) < 1e-8);
    }
}

TEST_CASE("vjp is the gradient of the product with what is held constant", "[derivatives]") {
  for (int variant = 0; variant < 4; ++variant)
    for (int of_w = 0; of_w < 2; ++of_w) {
      INFO("variant " << variant << (of_w == 1 ? ", w" : ", x"));
      Point p(variant);
      const Var at = of_w == 1 ? p.w : p.x, v = p.leaf(p.y.per_sample(), p.y.shape(), 7);
      const Var product = p.y * v;
      const Var cost = product.per_sample() ? sum(product) : sum(product, within);
      CHECK(distance(value(p.lab, vjp(p.y, at, v)), differences(p.lab, cost, of_w)) < 1e-8);
      // Held constant: what v depends on makes no difference.
      const Var own = square(p.y);
      CHECK(distance(value(p.lab, vjp(p.y, at, own)),
                     value(p.lab, vjp(p.y, at, stop_gradient(own)))) == 0);
    }
}

TEST_CASE("products with Jacobians may be differentiated again", "[derivatives]") {
  Point p(1);
  const Var u = p.leaf(true, {3}, 8), v = p.leaf(true, p.y.shape(), 9);
  check_gradients(p.lab, sum(square(jvp(p.y, p.x, u))), 1e-6);
  check_gradients(p.lab, sum(square(vjp(p.y, p.w, v)), within), 1e-6);
  check_gradients(p.lab, sum(square(jvp(p.y, p.w, p.w * 2))), 1e-6);
}

TEST_CASE("Jacobians are differences, column by column", "[derivatives]") {
  for (int variant : {0, 1, 3}) {
    for (int of_w = 0; of_w < 2; ++of_w) {
      INFO("variant " << variant << (of_w == 1 ? ", w" : ", x"));
      Point p(variant);
      const Var at = of_w == 1 ? p.w : p.x, all = jacobian(p.y, at);
      Shape shape = p.y.shape();
      for (int axis = 0; axis < at.shape().rank(); ++axis) shape.append(at.shape()[axis]);
      CHECK(all.shape() == shape);
      CHECK(distance(value(p.lab, all), jacobian_by_differences(p.lab, p.y, of_w)) < 1e-8);
    }
  }
}

TEST_CASE("Hessians are symmetric, and differences of gradients", "[derivatives]") {
  for (int variant : {0, 1}) {
    INFO("variant " << variant);
    Point p(variant);
    const Var each = sum(square(p.y), within), cost = each.per_sample() ? sum(each) : each;
    const Var slope = grad(cost, p.x), curvature = hessian(cost, p.x);
    const Numbers<double> h = value(p.lab, curvature);
    CHECK(curvature.shape() == Shape{3, 3});
    CHECK(distance(h, jacobian_by_differences(p.lab, slope, 0)) < 1e-7);
    for (std::size_t sample = 0; sample < h.size() / 9; ++sample)
      for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
          CHECK(h[sample * 9 + i * 3 + j] == Approx(h[sample * 9 + j * 3 + i]).margin(1e-12));

    const Var v = p.leaf(p.per_sample_x, {3}, 7);
    const Var product = hessian_vector_product(cost, p.x, v);
    CHECK(distance(value(p.lab, product), value(p.lab, matmul(curvature, v))) < 1e-12);
  }
}

TEST_CASE("a third derivative", "[derivatives]") {
  Lab<double> lab;
  const Var x = lab.shared({3}, {0.5, -1, 2}), direction = lab.shared({3}, {1, 2, 3});
  const Var cost = sum(pow(x + 3, 4) + exp(x) * sin(x), within);
  const Var second = hessian_vector_product(cost, x, direction);
  check_gradients(lab, sum(second * x, within), 1e-6);
  // d^3/dx^3 (x + 3)^4 = 24 (x + 3), and of e^x sin x it is 2 e^x (cos x - sin x).
  const Var third =
      jvp(jvp(grad(cost, x), x, constant(x.builder(), 1, {3})), x, constant(x.builder(), 1, {3}));
  const Numbers<double> got = value(lab, third), at{0.5, -1, 2};
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(got[i] ==
          Approx(24 * (at[i] + 3) + 2 * std::exp(at[i]) * (std::cos(at[i]) - std::sin(at[i]))));
}

TEST_CASE("curvature through convolutions and maxima of windows", "[derivatives]") {
  Lab<double> lab(2);
  const Var x = lab.input({1, 6, 6}, noise<double>(72, 1)),
            w = lab.shared({2, 1, 3, 3}, noise<double>(18, 2)),
            v = lab.shared({2, 1, 3, 3}, noise<double>(18, 3));
  const Var h = max_pool(tanh(convolution(x, w)), {{2, 2}, {2, 2}}), cost = mean(square(h));
  const Numbers<double> expected = slopes_along(lab, grad(cost, w), 1, 2);
  CHECK(distance(value(lab, hessian_vector_product(cost, w, v)), expected) < 1e-8);
}

}  // namespace tg::test
