// What rules do to numbers at the edge: on the CPU, in f32, as Theano's tutorial promises.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cmath>

#include "tests/catch.hpp"
#include "typegrad/graph/statistics.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

struct Quotient {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {}), y = s.input("y", {});
    return outputs(x / x, x * y / x, x - x);
  }
};
struct LogOfOnePlus {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {});
    return outputs(log(1 + x), log(1 - x), log(x + 2 - 1));
  }
};
struct LogOfSum {
  static constexpr Var define(Scope& s) {
    return log(exp(s.input("x", {})) + exp(s.input("y", {})));
  }
};
struct SoftplusByHand {
  static constexpr Var define(Scope& s) { return log(1 + exp(s.input("x", {}))); }
};
struct Powers {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {});
    return outputs(pow(x, 2), pow(x, 1), pow(x, 0), pow(x, 0.5), pow(x, -0.5), pow(x, -1),
                   pow(x, -2), pow(x, 7), pow(x, 64));
  }
};

}  // namespace

TEST_CASE("x / x is 1 also at 0, unless that is excluded", "[rules]") {
  Function<Quotient> f;
  const std::vector<float> x{0, 2, -3}, y{5, 6, 7};
  const auto [one, other, zero] = f(x, y);
  for (int i = 0; i < 3; ++i) {
    CHECK(one(i) == 1);
    CHECK(other(i) == y[std::size_t(i)]);
    CHECK(zero(i) == 0);
  }
  Function<Quotient, Cpu, exclude<"cancel">> as_written;
  CHECK(std::isnan(std::get<0>(as_written(x, y))(0)));
  CHECK(std::get<0>(as_written(x, y))(1) == 1);
}

TEST_CASE("log(1 + x) keeps a small x", "[rules]") {
  Function<LogOfOnePlus> f;
  const auto [plus, minus, collected] = f(1e-20f);
  CHECK(plus(0) == 1e-20f);
  CHECK(minus(0) == -1e-20f);
  CHECK(collected(0) == 1e-20f);  // of constants that come to 1
  Function<LogOfOnePlus, Cpu, exclude<"stabilise">> as_written;
  CHECK(std::get<0>(as_written(1e-20f))(0) == 0);
}

TEST_CASE("the log of a sum of exponentials does not overflow", "[rules]") {
  Function<LogOfSum> f;
  CHECK(f(1000, 1000)(0) == Approx(1000 + std::log(2.0)).epsilon(1e-7));
  CHECK(f(-1000, 3)(0) == Approx(3));
  Function<LogOfSum, Cpu, exclude<"stabilise">> as_written;
  CHECK(std::isinf(as_written(1000, 1000)(0)));
}

TEMPLATE_TEST_CASE_SIG("a softplus written by hand is finite and monotone", "[rules]",
                       ((DType dtype), dtype), f32, f64) {
  using F = Function<SoftplusByHand, Cpu, dtype>;
  F f;
  std::vector<typename F::Element> x;
  for (int i = -10000; i <= 10000; ++i) x.push_back(typename F::Element(i));
  for (double i = -120; i <= 20; i += 0.125) x.push_back(typename F::Element(i));
  std::sort(x.begin(), x.end());
  const auto y = f(x);
  for (int i = 0; i < y.size(); ++i) {
    const double exact = x[std::size_t(i)] > 20 ? double(x[std::size_t(i)])
                                                : std::log1p(std::exp(double(x[std::size_t(i)])));
    REQUIRE(double(y(i)) == Approx(exact).epsilon(1e-6).margin(1e-30));
    if (i > 0) REQUIRE(y(i) >= y(i - 1));
  }
}

TEST_CASE("constant powers are products, roots and quotients", "[rules]") {
  Function<Powers, Cpu, f64> f;
  const auto [square, same, one, root, inverse_root, inverse, inverse_square, seventh, large] =
      f(1.25);
  CHECK(square(0) == 1.25 * 1.25);
  CHECK(same(0) == 1.25);
  CHECK(one(0) == 1);
  CHECK(root(0) == std::sqrt(1.25));
  CHECK(inverse_root(0) == Approx(1 / std::sqrt(1.25)).epsilon(1e-15));
  CHECK(inverse(0) == 1 / 1.25);
  CHECK(inverse_square(0) == Approx(1 / (1.25 * 1.25)).epsilon(1e-15));
  CHECK(seventh(0) == Approx(std::pow(1.25, 7)).epsilon(1e-14));
  CHECK(large(0) == Approx(std::pow(1.25, 64)).epsilon(1e-13));
}

}  // namespace tg::test
