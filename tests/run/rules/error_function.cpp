// Logarithms of the error function's complements, far out: finite in every mode, with the gradients
// of the stable formula.
// SPDX-License-Identifier: MIT
#include "tests/catch.hpp"
#include "typegrad/passes/derivatives.hpp"
#include "typegrad/runtime/function.hpp"

namespace tg::test {
namespace {

struct LogErfc {
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {});
    const Var by_hand = log(1 - erf(x)), of_normal = log(0.5 * (1 + erf(-x)));
    return outputs(log(erfc(x)), by_hand, of_normal, grad(sum(log(erfc(x))), x),
                   exp(-(x * x)) / erfc(x));
  }
};

// log(erfc(x)) by the asymptotic series where erfc has no number.
double expected(double x) {
  if (x < 100) return double(std::log(std::erfc((long double)x)));
  const double z = 1 / (2 * x * x);
  return -x * x - std::log(x * 1.7724538509055160) + std::log1p(-z * (1 - 3 * z));
}
double expected_slope(double x) {
  if (x < 100)
    return -1.1283791670955126 * double(std::exp(-(long double)x * x) / std::erfc((long double)x));
  const double z = 1 / (2 * x * x);
  return -2 * x / (1 - z * (1 - 3 * z * (1 - 5 * z)));
}

template <class T, auto... Options>
void check_mode(double tolerance) {
  Function<LogErfc, Cpu, Options...> f;
  const std::vector<T> x{-1e4, -9,   -3, -0.75, T(-1e-3), T(1e-3), 0.5, T(0.999),
                         1,    1.25, 4,  8.5,   13,       30,      1e4};
  const auto [log_erfc, by_hand, of_normal, slope, ratio] = f(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    CAPTURE(x[i]);
    const double want = expected(x[i]), want_slope = expected_slope(x[i]);
    const auto at = Eigen::Index(i);
    CHECK(std::abs(log_erfc(at) - want) <= tolerance * std::abs(want));
    CHECK(std::abs(by_hand(at) - want) <= tolerance * std::abs(want));
    CHECK(std::abs(of_normal(at) - (want + std::log(0.5))) <= tolerance * (std::abs(want) + 1));
    CHECK(std::abs(slope(at) - want_slope) <= 8 * tolerance * std::abs(want_slope));
    CHECK(std::abs(ratio(at) + want_slope / 1.1283791670955126) <=
          tolerance * std::abs(want_slope));
  }
}

}  // namespace

TEST_CASE("log(erfc(x)) and its gradient have the digits of x, in every mode", "[rules]") {
  check_mode<float>(5e-7);
  check_mode<double, f64>(2e-15);
  check_mode<double, f64, no_optimisation>(2e-15);
}

}  // namespace tg::test
