// Derivatives of loops: what is connected only through what is carried, and products with
// Jacobians.
// SPDX-License-Identifier: MIT
#include "laboratory.hpp"
#include "typegrad/graph/scan.hpp"

namespace tg::test {
namespace {

// w changes a, and a step later b.
struct Chain {
  static constexpr Next step(Scope&, Var x, Var a, Var b, Var w) {
    return next(tanh(a * w + x), b * 0.5 + square(a));
  }
};

}  // namespace

TEST_CASE("a gradient flows through what is carried from one state to another", "[derivatives]") {
  Lab<double> lab(2);
  const Var x = lab.input({4, 2}, noise<double>(16, 1)), w = lab.shared({2}, noise<double>(2, 2)),
            zero = lab.shared({2}, {0, 0}), v = lab.shared({2}, {1, -2});
  const Loop loop = scan<Chain>(lab.scope, over(x), from(zero), from(zero), w);
  const Var y = loop.last(1);
  check_gradients(lab, sum(square(y)));
  CHECK(distance(value(lab, grad(sum(square(y)), w)), differences(lab, sum(square(y)), 1)) < 1e-8);
  CHECK(distance(value(lab, jvp(y, w, v)), slopes_along(lab, y, 1, 3)) < 1e-8);
  CHECK(distance(value(lab, hessian_vector_product(sum(square(y)), w, v)),
                 slopes_along(lab, grad(sum(square(y)), w), 1, 3)) < 1e-8);
}

}  // namespace tg::test
