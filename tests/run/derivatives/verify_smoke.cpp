// tg::verify_gradient accepts right gradients and finds wrong ones, and where.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/graph/custom.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/layers/all.hpp"
#include "typegrad/networks/all.hpp"
#include "typegrad/runtime/verify_gradient.hpp"

namespace tg::test {
namespace {

// Right but for the last of its elements, whose gradient is a hundredth too large.
struct Planted {
  static constexpr Var value(Var x) { return tanh(x); }
  static constexpr Var gradient(Var x, Var y, Var dy) {
    const Var last = equal(iota(x.builder(), x.shape()[0], i32), x.shape()[0] - 1);
    return dy * (1 - square(y)) * select(last, 1.01, 1.0);
  }
};
struct WrongTanh {
  static constexpr Var define(Scope&, Var x) { return custom_gradient<Planted>(x); }
};
struct RightTanh {
  static constexpr Var define(Scope&, Var x) { return tanh(x); }
};
struct Hard {
  static constexpr Var define(Scope&, Var x) { return x * cast(argmax(x), DType::floating); }
};
using Small = Sequence<Input<6>, Linear<5>, Gelu, BatchNorm<>, Linear<3>>;

}  // namespace

TEST_CASE("right gradients are found right", "[derivatives]") {
  const auto right = [](const GradientReport& report, int numbers) {
    INFO(report.text());
    CHECK(report);
    CHECK(report.checked == numbers);
    CHECK(report.worst < 1e-7);
  };
  right(verify_gradient<RightTanh>(Shape{4}), 12);
  right(verify_gradient<Linear<5>>({.samples = 4}, Shape{6}), 24 + 35);
  right(verify_gradient<Embedding<7, 3>>(CheckedInput{{4}, i32}), 21);
  right(verify_gradient<Add>(Shape{2, 3}, Shape{2, 3}), 36);
  right(verify_gradient<Small>({.samples = 5}), 30 + 35 + 10 + 18);
}

TEST_CASE("a planted wrong gradient is found, and where", "[derivatives]") {
  const GradientReport report = verify_gradient<WrongTanh>(Shape{4});
  CHECK_FALSE(report);
  CHECK((report.where == "x[3]" || report.where == "x[7]" || report.where == "x[11]"));
  CHECK(report.gradient == Approx(1.01 * report.difference).epsilon(1e-6));
  CHECK_THAT(report.text(), contains("wrong: 12 numbers, the worst is x["));
}

TEST_CASE("what cannot be checked says so", "[derivatives]") {
  CHECK_THROWS_WITH(verify_gradient<Hard>(Shape{4}), contains("argmax"));
  CHECK_THROWS_WITH(verify_gradient<Linear<5>>(Shape{1, 6, 2}), contains("tg::FaultKind"));
}

}  // namespace tg::test
