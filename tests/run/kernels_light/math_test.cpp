// Mathematics on vectors against std in long double: units in the last place, special values.
// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "typegrad/backends/cpu/error_function.hpp"

namespace {
using tg::cpu::Vector;
using tg::cpu::width;
namespace math = tg::cpu::math;

template <class T, class Function>
T at(Function function, T x) {
  return function(tg::cpu::splat(x))[width<T> - 1];
}

// The largest error in units in the last place over `steps` points from low to high; NaN counts as
// infinite.
template <class T, class Function, class Exact>
double worst(Function function, Exact exact, double low, double high, int steps = 20000) {
  double largest = 0;
  for (int i = 0; i <= steps; ++i) {
    const T x = T(low + (high - low) * i / steps);
    const long double expected = exact((long double)x);
    const T nearest = T(expected), got = at<T>(function, x);
    if (!std::isfinite(nearest)) {
      if (got != nearest) largest = HUGE_VAL;
      continue;
    }
    const T size = std::abs(nearest);
    const long double unit = std::nextafter(size, std::numeric_limits<T>::infinity()) - size;
    const double error = double(std::abs((long double)got - expected) / unit);
    if (!(error <= largest)) largest = std::isnan(error) ? HUGE_VAL : error;
  }
  return largest;
}

long double exact_sigmoid(long double x) { return 1 / (1 + std::exp(-x)); }
long double exact_softplus(long double x) { return std::log1p(std::exp(x)); }

}  // namespace

TEMPLATE_TEST_CASE("exp, log and theirs are accurate", "[cpu]", float, double) {
  using T = TestType;
  const bool single = sizeof(T) == 4;
  const double top = single ? 88.722 : 709.78;
  CHECK(worst<T>(math::exp<T>, ::expl, single ? -110 : -750, top) < 2);
  CHECK(worst<T>(math::exp<T>, ::expl, -1e-3, 1e-3) < 2);
  CHECK(worst<T>(math::expm1<T>, ::expm1l, -100, top) < 3);
  CHECK(worst<T>(math::expm1<T>, ::expm1l, -2, 2) < 3);
  CHECK(worst<T>(math::expm1<T>, ::expm1l, -1e-6, 1e-6) < 3);
  CHECK(worst<T>(math::log<T>, ::logl, 1e-6, 1e4) < 2);
  CHECK(worst<T>(math::log<T>, ::logl, 0.5, 2) < 2);
  CHECK(worst<T>(math::log<T>, ::logl, single ? 1e-44 : 1e-320, single ? 1e-38 : 1e-308) < 2);
  CHECK(worst<T>(math::log1p<T>, ::log1pl, -0.99, 1e4) < 3);
  CHECK(worst<T>(math::log1p<T>, ::log1pl, -0.5, 1) < 3);
  CHECK(worst<T>(math::log1p<T>, ::log1pl, -1e-6, 1e-6) < 3);
  CHECK(worst<T>(math::sigmoid<T>, exact_sigmoid, single ? -87 : -700, 1e4) < 4);
  CHECK(worst<T>(math::sigmoid<T>, exact_sigmoid, -5, 5) < 4);
  CHECK(worst<T>(math::softplus<T>, exact_softplus, single ? -87 : -700, 100) < 4);
  CHECK(worst<T>(math::softplus<T>, exact_softplus, -3, 3) < 4);
}

TEMPLATE_TEST_CASE("tanh, erf, roots, waves and powers are accurate", "[cpu]", float, double) {
  using T = TestType;
  CHECK(worst<T>(math::tanh<T>, ::tanhl, -12, 12) < 3);
  CHECK(worst<T>(math::tanh<T>, ::tanhl, -0.02, 0.02) < 3);
  CHECK(worst<T>(math::erf<T>, ::erfl, -7, 7) < 3);
  CHECK(worst<T>(math::atan<T>, ::atanl, -7, 7) < 3);
  CHECK(worst<T>(math::atan<T>, ::atanl, -1e-3, 1e-3) < 3);
  CHECK(worst<T>(math::atan<T>, ::atanl, -1e6, 1e6) < 3);
  CHECK(worst<T>(math::floor<T>, ::floorl, -7, 7) == 0);
  CHECK(worst<T>(math::floor<T>, ::floorl, -2e7, 2e7) == 0);
  CHECK(worst<T>(math::erf<T>, ::erfl, -1e-3, 1e-3) < 3);
  CHECK(worst<T>(math::sqrt<T>, ::sqrtl, 0, 1e4) < 1);
  CHECK(worst<T>(math::sqrt<T>, ::sqrtl, 1e-30, 1e-29) < 1);
  CHECK(worst<T>(math::sqrt<T>, ::sqrtl, 0, sizeof(T) == 4 ? 1e-37 : 1e-307) < 1);
  CHECK(worst<T>(math::sin<T>, ::sinl, -10, 10) < 3);
  CHECK(worst<T>(math::cos<T>, ::cosl, -10, 10) < 3);
  CHECK(worst<T>(math::sin<T>, ::sinl, -1e4, 1e4) < 3);
  CHECK(worst<T>(math::cos<T>, ::cosl, -1e4, 1e4) < 3);
  for (T y : {T(-3), T(-0.5), T(0), T(0.4), T(1), T(2), T(7.25)}) {
    const auto power = [y](Vector<T> x) { return math::pow<T>(x, tg::cpu::splat(y)); };
    CHECK(worst<T>(
              power, [y](long double x) { return std::pow(x, (long double)y); }, 1e-3, 100) < 2);
  }
}

// By the continued fraction of Laplace from 1 on, which converges there.
long double exact_erfcx(long double x) {
  if (x < 1) return std::exp(x * x) * std::erfc(x);
  long double rest = 0;
  for (int n = 800; n > 0; --n) rest = n / 2.0L / (x + rest);
  return 0.564189583547756286948L / (x + rest);
}

TEMPLATE_TEST_CASE("complements of the error function are accurate", "[cpu]", float, double) {
  using T = TestType;
  const bool single = sizeof(T) == 4;
  const double normal = single ? 9.19 : 26.54;  // up to here erfc is a normal number
  CHECK(worst<T>(math::erfc<T>, ::erfcl, -7, normal) < 6);
  CHECK(worst<T>(math::erfc<T>, ::erfcl, -1, 1) < 6);
  CHECK(worst<T>(math::erfc<T>, ::erfcl, normal, normal + 1) < 6);
  CHECK(worst<T>(math::erfcx<T>, exact_erfcx, single ? -9.3 : -26.5, 1e2) < 5);
  CHECK(worst<T>(math::erfcx<T>, exact_erfcx, -3, 3) < 5);
  CHECK(worst<T>(math::erfcx<T>, exact_erfcx, 1e2, 1e30) < 5);
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  for (T x : {inf, T(1e4), T(28.5)}) {
    CHECK(at<T>(math::erfc<T>, x) == 0);
    CHECK(at<T>(math::erfc<T>, -x) == 2);
    CHECK(at<T>(math::erfcx<T>, -x) == inf);
  }
  CHECK(at<T>(math::erfcx<T>, inf) == 0);
  CHECK(std::isnan(at<T>(math::erfc<T>, nan)));
  CHECK(std::isnan(at<T>(math::erfcx<T>, nan)));
}

TEMPLATE_TEST_CASE("special values are std's", "[cpu]", float, double) {
  using T = TestType;
  const T inf = std::numeric_limits<T>::infinity(), nan = std::numeric_limits<T>::quiet_NaN();
  const auto agrees = [](T got, T expected) {
    return std::isnan(expected) ? std::isnan(got) : got == expected;
  };
  for (T x : {T(0), T(-0.0), inf, -inf, nan, T(1e4), T(-1e4), T(-1)}) {
    CAPTURE(x);
    CHECK(agrees(at<T>(math::exp<T>, x), x == T(-1) ? at<T>(math::exp<T>, x) : std::exp(x)));
    CHECK(agrees(at<T>(math::expm1<T>, x), x == T(-1) ? at<T>(math::expm1<T>, x) : std::expm1(x)));
    CHECK(agrees(at<T>(math::tanh<T>, x), x == T(-1) ? at<T>(math::tanh<T>, x) : std::tanh(x)));
    CHECK(agrees(at<T>(math::sqrt<T>, x), std::sqrt(x)));
    CHECK(agrees(at<T>(math::abs<T>, x), std::abs(x)));
    CHECK(std::signbit(at<T>(math::abs<T>, x)) == false);
    if (x <= 0 || std::isnan(x) || x == inf) {
      CHECK(agrees(at<T>(math::log<T>, x), std::log(x)));
      CHECK(agrees(at<T>(math::log1p<T>, x), std::log1p(x)));
    }
    CHECK(std::isnan(at<T>(math::sin<T>, x)) == !std::isfinite(x));
    CHECK(std::isnan(at<T>(math::cos<T>, x)) == !std::isfinite(x));
  }
  const T values[] = {T(1), T(2), nan};
  for (T a : values)
    for (T b : values) {
      using tg::cpu::splat;
      CHECK(agrees((math::max<T>(splat(a), splat(b)))[0], std::max(a, b)));
      CHECK(agrees((math::min<T>(splat(a), splat(b)))[0], std::min(a, b)));
    }
  for (T x : {inf, T(1e4)}) {
    CHECK(at<T>(math::sigmoid<T>, x) == 1);
    CHECK(at<T>(math::sigmoid<T>, -x) == 0);
    CHECK(at<T>(math::softplus<T>, x) == x);
    CHECK(at<T>(math::softplus<T>, -x) == 0);
    CHECK(at<T>(math::erf<T>, x) == 1);
    CHECK(at<T>(math::erf<T>, -x) == -1);
  }
  CHECK(std::isnan(at<T>(math::sigmoid<T>, nan)));
  CHECK(std::isnan(at<T>(math::softplus<T>, nan)));
  CHECK(std::isnan(at<T>(math::erf<T>, nan)));
  CHECK(std::isnan(at<T>(math::atan<T>, nan)));
  CHECK(std::isnan(at<T>(math::floor<T>, nan)));
  CHECK(at<T>(math::softplus<T>, T(0)) == Approx(std::log(2.0)));
}
