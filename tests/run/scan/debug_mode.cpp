// Debug mode looks into loops: it finds nothing wrong with right ones.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/graph/scan.hpp"
#include "typegrad/runtime/debug.hpp"

namespace tg::test {
namespace {

struct Recurrence {
  static constexpr Next step(Scope&, Var x, Var h, Var W, Var U) {
    const Var following = tanh(matmul(W, x) + matmul(U, h));
    return next(following).output(h * x).until(less(0.99, max(following, 0)));
  }
};
struct Train {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {6, 3}), W = s.argument("W", {3, 3}), U = s.argument("U", {3, 3});
    const Loop loop = scan<Recurrence>(s, over(x), from(s.constant(0.1, {3})), W, U);
    const Var cost = mean(square(loop.states())) + mean(loop.outputs()) + mean(loop.last());
    return outputs(cost, loop.states(), grad(cost, W), grad(cost, U), grad(cost, x));
  }
};

}  // namespace

TEST_CASE("debug mode looks into loops", "[scan]") {
  std::vector<float> x(5 * 6 * 3), W(9), U(9);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(int(i * 37 % 19) - 9) / 9;
  for (std::size_t i = 0; i < 9; ++i) W[i] = float(int(i) - 4) / 6, U[i] = float(i % 4) / 5;
  Function<Train, Cpu, debug_mode> checked;
  Function<Train> plain;
  const float cost = std::get<0>(plain(x, W, U));
  CHECK(std::get<0>(checked(x, W, U)) == Approx(cost).epsilon(1e-5));
}

}  // namespace tg::test
