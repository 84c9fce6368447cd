// Convolutions and pools, their gradients and their gradients' gradients, on the CPU.
// SPDX-License-Identifier: MIT
#include "table.hpp"
#include "typegrad/passes/derivatives.hpp"

namespace tg::test {
namespace {

struct All {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {2, 6, 6}), w = s.argument("w", {4, 1, 3, 3}),
              t = s.argument("t", {4, 1, 3, 3});
    const Var h = convolution(x, w, {.padding = {1, 1}, .groups = 2});
    const Var y = max_pool(tanh(h), {{2, 2}, {2, 2}});
    const Var z = average_pool(y, {{3, 3}, {1, 1}});
    const Var cost = mean(z * z);
    return outputs(z, cost, grad(cost, x), grad(cost, w), jvp(z, w, t),
                   hessian_vector_product(cost, w, t));
  }
};

}  // namespace

TEST_CASE("every window, on the CPU", "[ops]") {
  check_covers<All>(window_ops);
  check_backends<All>(2000);
}

}  // namespace tg::test
