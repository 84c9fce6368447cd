// Formulas as text, for headers: those that the library computes with, word for word.
// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

namespace tg::runtime::header {

// `python3 tests/house/texts.py --update` writes this file. Of core/math.hpp:
inline constexpr std::string_view math_text = R"(
// The constant-evaluated forms work in double: reduce the argument, sum a series, scale back; a few
// ulp.
namespace series {

inline constexpr double ln2 = 0.693147180559945309417232121458;
inline constexpr double pi = 3.141592653589793238462643383280;
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

constexpr double scale(double x, int power_of_two) {
  double factor = power_of_two < 0 ? 0.5 : 2.0;
  for (int n = power_of_two < 0 ? -power_of_two : power_of_two; n > 0; n /= 2) {
    if (n % 2 == 1) x *= factor;
    factor *= factor;
  }
  return x;
}
constexpr double expm1_small(double x) {  // |x| <= ln2 / 2
  double term = x, sum = x;
  for (int n = 2; n < 18; ++n) sum += term *= x / n;
  return sum;
}
constexpr double exp(double x) {
  if (x != x) return x;
  if (x > 709.8) return infinity;
  if (x < -745.2) return 0;
  const int n = int(x / ln2 + (x < 0 ? -0.5 : 0.5));
  const double value = 1 + expm1_small(x - n * ln2);
  return n < -1000  ? scale(scale(value, n + 100), -100)
         : n > 1000 ? scale(scale(value, n - 100), 100)
                    : scale(value, n);
}
constexpr double log1p_small(double x) {  // 2 atanh(x / (2 + x)); |x| < 0.5
  const double z = x / (2 + x), square = z * z;
  double term = z, sum = z;
  for (int n = 3; n < 40; n += 2) sum += (term *= square) / n;
  return 2 * sum;
}
constexpr double log(double x) {
  if (x != x || x == infinity) return x;
  if (x < 0) return nan;
  if (x == 0) return -infinity;
  int exponent = 0;
  while (x > 1.4142135623730951) x /= 2, ++exponent;
  while (x < 0.7071067811865476) x *= 2, --exponent;
  return exponent * ln2 + log1p_small(x - 1);
}
constexpr double sqrt(double x) {
  if (x != x || x == infinity || x == 0) return x;
  if (x < 0) return nan;
  double guess = x > 1 ? x : 1, next = (guess + x / guess) / 2;
  while (next < guess) guess = next, next = (guess + x / guess) / 2;
  return guess;
}
constexpr double sine(double x) {
  const double turns = x / (2 * pi);
  x -= 2 * pi * double((long long)(turns < 0 ? turns - 0.5 : turns + 0.5));
  double term = x, sum = x;
  for (int n = 1; n < 16; ++n) sum += term *= -x * x / ((2 * n) * (2 * n + 1));
  return sum;
}
constexpr double fmod(double x, double y) {  // by long division, whose every step is exact
  if (x != x || y != y || y == 0 || x == infinity || x == -infinity) return nan;
  if (y == infinity || y == -infinity) return x;
  double rest = x < 0 ? -x : x;
  const double divisor = y < 0 ? -y : y;
  double part = divisor;
  while (part <= rest / 2) part *= 2;
  for (; part >= divisor; part /= 2)
    if (rest >= part) rest -= part;
  return x < 0 ? -rest : rest;
}
// atan(x) = 2 atan(x / (1 + sqrt(1 + x^2))), until the series converges quickly.
constexpr double atan(double x) {
  if (x != x) return x;
  if (x > 1e20 || x < -1e20) return x > 0 ? pi / 2 : -pi / 2;
  double factor = 1;
  for (; x > 0.1 || x < -0.1; factor *= 2) x /= 1 + sqrt(1 + x * x);
  double term = x, sum = x;
  for (int n = 3; n < 24; n += 2) sum += (term *= -x * x) / n;
  return factor * sum;
}
constexpr double erf(double x) {
  if (x < 0) return -erf(-x);
  if (x > 6) return 1;
  double term = x, sum = x;
  for (int n = 1; n < 120; ++n) sum += (term *= -x * x / n) / (2 * n + 1);
  return x > 3 ? 1 - (1 - sum * 1.1283791670955126) : sum * 1.1283791670955126;
}

// (1 + 2x) exp(x^2) erfc(x) of x >= 0, as a polynomial of (x - 4) / (x + 4), the highest power's
// coefficient first (Shepherd and Laframboise, Mathematics of Computation 36, 1981; here
// Chebyshev's interpolation, 1e-17).
inline constexpr double erfcx_terms[] = {
    -2.764120233734578e-10,  9.297625263709659e-10,   3.2323973445082033e-09,
    -1.2338731403798444e-08, -2.0725802488181963e-08, 1.0631817593818149e-07,
    7.771943241086912e-08,   -8.210647933297337e-07,  2.9173425573089733e-07,
    5.70657829924074e-06,    -1.1221135665965907e-05, -2.4397731143023292e-05,
    0.00015062142608651945,  -0.0001992571524726518,  -0.0007577732435942576,
    0.005031970069102256,    -0.01619773406293477,    0.037167515526338006,
    -0.06633036581186058,    0.09373283499911264,     -0.10103906603631811,
    0.06809705425466839,     0.015379652102619974,    -0.13962111684056228,
    1.2329951186255526};
constexpr double erfcx_positive(double x) {
  const double q = x < 1e17 ? (x - 4) / (x + 4) : 1;
  double sum = 0;
  for (double term : erfcx_terms) sum = sum * q + term;
  return 0.5 * sum / (x + 0.5);
}

}  // namespace series

template <class T> constexpr T exp(T x) { return std::is_constant_evaluated() ? T(series::exp(x)) : std::exp(x); }
template <class T> constexpr T log(T x) { return std::is_constant_evaluated() ? T(series::log(x)) : std::log(x); }
template <class T> constexpr T sqrt(T x) { return std::is_constant_evaluated() ? T(series::sqrt(x)) : std::sqrt(x); }
template <class T> constexpr T cos(T x) { return std::is_constant_evaluated() ? T(series::sine(double(x) + series::pi / 2)) : std::cos(x); }
template <class T> constexpr T sin(T x) { return std::is_constant_evaluated() ? T(series::sine(x)) : std::sin(x); }
template <class T> constexpr T atan(T x) { return std::is_constant_evaluated() ? T(series::atan(x)) : std::atan(x); }
template <class T> constexpr T erf(T x) { return std::is_constant_evaluated() ? T(series::erf(x)) : std::erf(x); }

namespace series {

// exp(sign x^2) of a finite x, the square being taken in two parts, of which the first is exact.
constexpr double exp_of_square(double x, int sign) {
  const double high = double(float(x));
  return math::exp(sign * (high * high)) * math::exp(sign * ((x - high) * (x + high)));
}
constexpr double erfcx(double x) {
  if (x >= 0 || x != x) return erfcx_positive(x);
  return x < -27 ? infinity : 2 * exp_of_square(x, 1) - erfcx_positive(-x);
}
constexpr double erfc(double x) {
  if (x < 0) return 2 - erfc(-x);
  return x > 28 ? 0 : exp_of_square(x, -1) * erfcx_positive(x);
}

}  // namespace series

// 1 - erf(x), and that times exp(x^2); the standard library has no such function.
template <class T>
constexpr T erfc(T x) {
  return std::is_constant_evaluated() ? T(series::erfc(x)) : std::erfc(x);
}
template <class T>
constexpr T erfcx(T x) {
  return T(series::erfcx(x));
}
// exp(x) - 1 and log(1 + x), accurate near 0.
template <class T>
constexpr T expm1(T x) {
  if (!std::is_constant_evaluated()) return std::expm1(x);
  return x > T(-0.3) && x < T(0.3) ? T(series::expm1_small(x)) : T(series::exp(x) - 1);
}
template <class T>
constexpr T log1p(T x) {
  if (!std::is_constant_evaluated()) return std::log1p(x);
  return x > T(-0.3) && x < T(0.3) ? T(series::log1p_small(x)) : T(series::log(1 + double(x)));
}
// 1 / (1 + exp(-x)), without overflow on either side.
template <class T>
constexpr T sigmoid(T x) {
  const T e = math::exp(x < T(0) ? x : -x);
  return x < T(0) ? e / (T(1) + e) : T(1) / (T(1) + e);
}
template <class T>
constexpr T tanh(T x) {
  if (!std::is_constant_evaluated()) return std::tanh(x);
  if (x != x) return x;
  const T e = math::expm1(T(-2) * (x < T(0) ? -x : x));
  return (x < T(0) ? T(1) : T(-1)) * e / (e + T(2));
}
// log(1 + exp(x)) = max(x, 0) + log1p(exp(-|x|))
template <class T>
constexpr T softplus(T x) {
  if (x != x) return x;
  return (x > T(0) ? x : T(0)) + math::log1p(math::exp(x > T(0) ? -x : x));
}
template <class T>
constexpr T floor(T x) {
  if (!std::is_constant_evaluated()) return std::floor(x);
  if (!(x > T(-4e15) && x < T(4e15))) return x;  // whole already, or no number
  const T whole = T((long long)(x));
  return whole > x ? whole - T(1) : whole;
}
// The remainder of x / y that has y's sign, exactly, as Python's and NumPy's.
template <class T>
constexpr T modulo(T x, T y) {
  const T rest = std::is_constant_evaluated() ? T(series::fmod(x, y)) : std::fmod(x, y);
  return rest != T(0) && (rest < T(0)) != (y < T(0)) ? rest + y : rest;
}
template <class T>
constexpr T pow(T x, T y) {
  if (!std::is_constant_evaluated()) return std::pow(x, y);
  if (y == T(int(y)) && y < T(64) && y > T(-64)) {
    T result = 1;
    for (int n = int(y < T(0) ? -y : y); n > 0; --n) result *= x;
    return y < T(0) ? T(1) / result : result;
  }
  return T(series::exp(double(y) * series::log(x)));
}

)";

// Of graph/meaning.hpp:
inline constexpr std::string_view meaning_text = R"(    case Op::negate: return -a;
    case Op::absolute: return a < T(0) ? -a : a;
    case Op::sign: return a > T(0) ? T(1) : a < T(0) ? T(-1) : a;
    case Op::exp: return math::exp(a);
    case Op::log: return math::log(a);
    case Op::log1p: return math::log1p(a);
    case Op::expm1: return math::expm1(a);
    case Op::sqrt: return math::sqrt(a);
    case Op::tanh: return math::tanh(a);
    case Op::sigmoid: return math::sigmoid(a);
    case Op::softplus: return math::softplus(a);
    case Op::relu: return a < T(0) ? T(0) : a;  // a NaN stays one
    case Op::erf: return math::erf(a);
    case Op::erfc: return math::erfc(a);
    case Op::erfcx: return math::erfcx(a);
    case Op::cosine: return math::cos(a);
    case Op::sine: return math::sin(a);
    case Op::arctangent: return math::atan(a);
    case Op::floor: return math::floor(a);
    case Op::logical_not: return a == T(0) ? T(1) : T(0);
    case Op::cast: return a;
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::power: return math::pow(a, b);
    case Op::modulo: return math::modulo(a, b);
    case Op::maximum: return a >= b || a != a ? a : b;
    case Op::minimum: return a <= b || a != a ? a : b;
    case Op::less: return a < b ? T(1) : T(0);
    case Op::less_equal: return a <= b ? T(1) : T(0);
    case Op::equal: return a == b ? T(1) : T(0);
    case Op::select: return a != T(0) ? b : c;
    default: return std::numeric_limits<T>::quiet_NaN();  // no row: see below
)";

// Of backends/reference/reductions.hpp:
inline constexpr std::string_view exceeds_text = R"(template <class T>
constexpr bool exceeds(T x, T before) {
  return x > before || (x != x && before == before);
}

)";

}  // namespace tg::runtime::header
