// Element-wise mathematics on vectors of any width: exp, log, tanh, … of a whole register at once.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "typegrad/backends/cpu/vector.hpp"
#include "typegrad/core/math.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Units in the last place below are what tests/run/kernels_light/math_test.cpp allows. Special
// values are std's unless said otherwise; zeros may lose their sign.
namespace math {
namespace detail {

template <class To, class From>
TYPEGRAD_INLINE To bits(From from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

template <class T, class... Arguments, class Function>
TYPEGRAD_INLINE Vector<T> lane_by_lane(Function function, Arguments... arguments) {
  Vector<T> result{};
  for (int lane = 0; lane < width<T>; ++lane) result[lane] = function(arguments[lane]...);
  return result;
}

// The polynomial with these coefficients, the highest power's first.
template <class T, class... Coefficients>
TYPEGRAD_INLINE Vector<T> horner(Vector<T> x, double highest, Coefficients... coefficients) {
  Vector<T> sum = splat(T(highest));
  ((sum = sum * x + splat(T(coefficients))), ...);
  return sum;
}

// Integers below 2^22 in size as T. (A conversion of 64-bit integers is one instruction only with
// AVX-512.)
template <class T>
TYPEGRAD_INLINE Vector<T> to_number(Mask<T> integer) {
  const Vector<T> rounder = splat(sizeof(T) == 4 ? T(0x1.8p23) : T(0x1.8p52));
  return bits<Vector<T>>(integer + bits<Mask<T>>(rounder)) - rounder;
}

// e^x = 2^n * (1 + tail), n = round(x / ln 2) and so |ln(1 + tail)| <= ln 2 / 2.
template <class T>
struct Exponential {
  static constexpr bool single = sizeof(T) == 4;
  using Lane = typename vector_of<T>::lane;
  static constexpr int mantissa = single ? 23 : 52, bias = single ? 127 : 1023;
  // Beyond these e^x is 0 and infinite. NaN passes.
  static constexpr T lowest = single ? T(-104) : T(-746), highest = single ? T(89) : T(710);
  Mask<T> n;
  Vector<T> whole, tail;  // n as a number

  TYPEGRAD_INLINE explicit Exponential(Vector<T> x)
      : Exponential(Bounded{}, at_most(at_least(x, lowest), highest)) {}

  // Of numbers between these bounds.
  struct Bounded {};
  TYPEGRAD_INLINE Exponential(Bounded, Vector<T> x) {
    // Added to a number, this leaves its nearest integer in the last bits.
    const Vector<T> rounder = splat(single ? T(0x1.8p23) : T(0x1.8p52));
    const Vector<T> shifted = x * splat(T(1.44269504088896340736)) + rounder;
    n = bits<Mask<T>>(shifted) - bits<Mask<T>>(rounder);
    whole = shifted - rounder;
    // ln 2 in two parts, the first short enough that its product with n is exact.
    Vector<T> r = x - whole * splat(single ? T(0.693359375) : T(6.93145751953125e-1));
    r = r - whole * splat(single ? T(-2.12194440054690583e-4) : T(1.42860682030941723212e-6));
    // tail = r + r^2/2! + r^3/3! + …
    constexpr int terms = single ? 7 : 13;
    constexpr double inverse_factorial[] = {1,
                                            1,
                                            1. / 2,
                                            1. / 6,
                                            1. / 24,
                                            1. / 120,
                                            1. / 720,
                                            1. / 5040,
                                            1. / 40320,
                                            1. / 362880,
                                            1. / 3628800,
                                            1. / 39916800,
                                            1. / 479001600,
                                            1. / 6227020800.};
    Vector<T> sum = splat(T(inverse_factorial[terms]));
    TYPEGRAD_UNROLL
    for (int k = terms - 1; k >= 2; --k) sum = sum * r + splat(T(inverse_factorial[k]));
    tail = sum * (r * r) + r;
  }

  // 2^k for exponents of normal numbers.
  TYPEGRAD_INLINE static Vector<T> power_of_two(Mask<T> k) {
    return bits<Vector<T>>((k + (Mask<T>{} + Lane(bias))) << mantissa);
  }
};

}  // namespace detail

// Pre of all: T is float or double.

// 2 ulp. The largest and the smallest results too: infinite from 88.7229 on (709.79 in double),
// gradual underflow.
template <class T>
TYPEGRAD_INLINE Vector<T> exp(Vector<T> x) {
  using E = detail::Exponential<T>;
  const E e{x};
  // Where the result is 0, of 0 at once: to round a number too small for T takes many cores 20
  // times as long, and a mask's -inf are many.
  const Vector<T> fraction = select<T>(x < splat(E::lowest), Vector<T>{}, e.tail + splat(T(1)));
#if TYPEGRAD_VECTOR_BYTES == 64
  return times_power(fraction, e.whole);
#else
  const Mask<T> half = e.n >> 1;  // 2^n alone may be no normal number
  return fraction * E::power_of_two(half) * E::power_of_two(e.n - half);
#endif
}

namespace detail {

// (e^x - 1) / 2, which overflows no earlier than e^x; of x >= -50 that is not beyond Exponential's
// bounds.
template <class T>
TYPEGRAD_INLINE Vector<T> half_expm1(Vector<T> x) {
  using E = Exponential<T>;
  const E e{typename E::Bounded{}, x};
  const Vector<T> half_power = E::power_of_two(e.n - 1);
  return e.tail * half_power + (half_power - splat(T(0.5)));
}

}  // namespace detail

// 3 ulp, near 0 too.
template <class T>
TYPEGRAD_INLINE Vector<T> expm1(Vector<T> x) {
  // Below -50 the result is -1; and 2^(n-1) stays normal.
  const Vector<T> half =
      detail::half_expm1<T>(at_most(at_least(x, T(-50)), detail::Exponential<T>::highest));
  return half + half;
}

// 2 ulp. The reduction and polynomials are fdlibm's: x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2).
template <class T>
TYPEGRAD_INLINE Vector<T> log(Vector<T> x) {
  using Lane = typename vector_of<T>::lane;
  constexpr bool single = sizeof(T) == 4;
  constexpr int mantissa = single ? 23 : 52, bias = single ? 127 : 1023;
  const auto all = [](auto lane) TYPEGRAD_INLINE_LAMBDA { return Mask<T>{} + Lane(lane); };
  // Numbers that are not normal have no exponent to take: scaled by 2^mantissa they do.
  const Mask<T> small = x < splat(std::numeric_limits<T>::min());
  const Vector<T> number = x <= splat(std::numeric_limits<T>::max()) ? x : splat(T(1));
  const Vector<T> normal = select<T>(small, x * splat(T(std::int64_t(1) << mantissa)), number);
  const Mask<T> root_half = all(single ? 0x3F3504F3 : 0x3FE6A09E667F3BCD);
  const Mask<T> one = all(Lane(bias) << mantissa);
  const Mask<T> shifted = detail::bits<Mask<T>>(normal) + (one - root_half);
  const Vector<T> k = detail::to_number<T>((shifted >> mantissa) - all(bias) - (small & mantissa));
  const Mask<T> fraction = (shifted & ((Lane(1) << mantissa) - 1)) + root_half;
  const Vector<T> f = detail::bits<Vector<T>>(fraction) - splat(T(1));
  const Vector<T> s = f / (splat(T(2)) + f), z = s * s, half_square = f * f * splat(T(0.5));
  Vector<T> r;
  if constexpr (single)
    r = detail::horner<T>(z, 0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693);
  else
    r = detail::horner<T>(z, 1.479819860511658591e-01, 1.531383769920937332e-01,
                          1.818357216161805012e-01, 2.222219843214978396e-01,
                          2.857142874366239149e-01, 3.999999999940941908e-01,
                          6.666666666666735130e-01);
  const T high = T(single ? 6.9313812256e-01 : 6.93147180369123816490e-01);
  const T low = T(single ? 9.0580006145e-06 : 1.90821492927058770002e-10);
  Vector<T> result =
      k * splat(high) - ((half_square - (s * (half_square + r * z) + k * splat(low))) - f);
  const T infinity = std::numeric_limits<T>::infinity();
  result = select<T>(x < splat(infinity), result, x);  // inf and NaN as they are
  result = select<T>(x == Vector<T>{}, splat(-infinity), result);
  return select<T>(x < Vector<T>{}, splat(std::numeric_limits<T>::quiet_NaN()), result);
}

// 3 ulp, near 0 too (W. Kahan's correction of the rounding of 1 + x).
template <class T>
TYPEGRAD_INLINE Vector<T> log1p(Vector<T> x) {
  const Vector<T> one = splat(T(1)), sum = x + one, log_sum = log<T>(sum);
  const Mask<T> as_it_is = (sum == one) | (log_sum == sum);  // x itself: tiny or infinite
  return select<T>(as_it_is, x, log_sum * (x / (sum - one)));
}

// 3 ulp: (e^2x - 1) / (e^2x + 1), which is 1 from 19.1 on.
template <class T>
TYPEGRAD_INLINE Vector<T> tanh(Vector<T> x) {
  const Vector<T> half = detail::half_expm1<T>(at_most(at_least(x + x, T(-50)), T(40)));
  return half / (half + splat(T(1)));
}

// 1 / (1 + e^-x); 4 ulp where the result is a normal number.
template <class T>
TYPEGRAD_INLINE Vector<T> sigmoid(Vector<T> x) {
  return splat(T(1)) / (splat(T(1)) + exp<T>(-x));
}

template <class T>
TYPEGRAD_INLINE Vector<T> abs(Vector<T> x) {
  return detail::bits<Vector<T>>(detail::bits<Mask<T>>(x) &
                                 std::numeric_limits<typename vector_of<T>::lane>::max());
}

// As std's: the first argument unless the second is beyond it, so a NaN comes through from the
// first alone.
template <class T>
TYPEGRAD_INLINE Vector<T> max(Vector<T> a, Vector<T> b) {
  return a < b ? b : a;
}
template <class T>
TYPEGRAD_INLINE Vector<T> min(Vector<T> a, Vector<T> b) {
  return b < a ? b : a;
}

// log(1 + e^x) = max(x, 0) + log1p(e^-|x|), which overflows nowhere; 4 ulp.
template <class T>
TYPEGRAD_INLINE Vector<T> softplus(Vector<T> x) {
  return max<T>(x, Vector<T>{}) + log1p<T>(exp<T>(-abs<T>(x)));
}

// 1 ulp. Newton's iterations for 1 / sqrt(x) from a guess by the exponent, then one for the root:
// no builtin for vectors takes square roots, and the machines' instruction is no faster.
template <class T>
TYPEGRAD_INLINE Vector<T> sqrt(Vector<T> x) {
  using Lane = typename vector_of<T>::lane;
  constexpr bool single = sizeof(T) == 4;
  const Mask<T> small = x < splat(std::numeric_limits<T>::min());
  constexpr int shift = single ? 24 : 54;
  const Vector<T> normal = select<T>(small, x * splat(T(std::int64_t(1) << shift)), x);
  const Mask<T> guess = Mask<T>{} + Lane(single ? 0x5F3759DF : 0x5FE6EB50C7B537A9);
  Vector<T> inverse = detail::bits<Vector<T>>(
      guess - ((detail::bits<Mask<T>>(normal) >> 1) & (std::numeric_limits<Lane>::max() / 2)));
  const Vector<T> half = normal * splat(T(0.5));
  TYPEGRAD_UNROLL
  for (int i = 0; i < (single ? 2 : 3); ++i)
    inverse = inverse * (splat(T(1.5)) - half * inverse * inverse);
  Vector<T> root = normal * inverse;
  root = root + (inverse * splat(T(0.5))) * (normal - root * root);
  const T unscale = T(1) / T(std::int64_t(1) << (shift / 2));
  root = select<T>(small, root * splat(unscale), root);
  root = select<T>(x <= splat(std::numeric_limits<T>::max()), root, x);  // inf and NaN as they are
  return select<T>(x < Vector<T>{}, splat(std::numeric_limits<T>::quiet_NaN()), root);
}

namespace detail {

// sin(x + quarter * pi/2): x = n pi/2 + r with |r| <= pi/4, and the polynomials of Cephes (float)
// and fdlibm (double). Larger numbers, and what is no number, go to std lane by lane.
template <class T, class Std>
TYPEGRAD_INLINE Vector<T> wave(Vector<T> x, int quarter, Std of_number) {
  using Lane = typename vector_of<T>::lane;
  constexpr bool single = sizeof(T) == 4;
  constexpr T limit =
      single ? T(8192) : T(1 << 20);  // up to here n times the parts of pi/2 is exact
  const Mask<T> inside = abs<T>(x) <= splat(limit);
  bool all_inside = true;
  for (int lane = 0; lane < width<T>; ++lane) all_inside &= inside[lane] != 0;
  if (!all_inside) return lane_by_lane<T>(of_number, x);
  const Vector<T> rounder = splat(single ? T(0x1.8p23) : T(0x1.8p52));
  const Vector<T> shifted = x * splat(T(0.63661977236758134308)) + rounder;
  const Vector<T> whole = shifted - rounder;
  Vector<T> r = x - whole * splat(T(single ? 1.5703125 : 1.57079632673412561417e+00));
  r = r - whole * splat(T(single ? 4.837512969970703125e-4 : 6.07710050630396597660e-11));
  r = r - whole * splat(T(single ? 7.5497899548918822e-8 : 2.02226624879595063154e-21));
  const Vector<T> z = r * r;
  Vector<T> sine, cosine;
  if constexpr (single) {
    sine = horner<T>(z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
    cosine = horner<T>(z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
  } else {
    sine = horner<T>(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08,
                     2.75573137070700676789e-06, -1.98412698298579493134e-04,
                     8.33333333332248946124e-03, -1.66666666666666324348e-01);
    cosine = horner<T>(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09,
                       -2.75573143513906633035e-07, 2.48015872894767294178e-05,
                       -1.38888888888741095749e-03, 4.16666666666666019037e-02);
  }
  sine = sine * (z * r) + r;
  cosine = cosine * (z * z) + (splat(T(1)) - z * splat(T(0.5)));
  const Mask<T> n = bits<Mask<T>>(shifted) + Lane(quarter);
  const Vector<T> size = select<T>((n & 1) == 0, sine, cosine);
  return select<T>((n & 2) == 0, size, -size);
}

}  // namespace detail

// 2 ulp while |x| <= 8192 (float) or 2^20 (double), then std's.
template <class T>
TYPEGRAD_INLINE Vector<T> sin(Vector<T> x) {
  return detail::wave<T>(x, 0, [](T number) { return std::sin(number); });
}
template <class T>
TYPEGRAD_INLINE Vector<T> cos(Vector<T> x) {
  return detail::wave<T>(x, 1, [](T number) { return std::cos(number); });
}

// Exact. Added to a size below it, 2^mantissa leaves the nearest whole number; all others are
// whole.
template <class T>
TYPEGRAD_INLINE Vector<T> floor(Vector<T> x) {
  const Vector<T> whole = splat(sizeof(T) == 4 ? T(0x1p23) : T(0x1p52)), size = abs<T>(x);
  const Vector<T> rounded = (size + whole) - whole;
  const Vector<T> nearest = select<T>(x < Vector<T>{}, -rounded, rounded);
  const Vector<T> below = select<T>(nearest > x, nearest - splat(T(1)), nearest);
  return select<T>(size < whole, below, x);
}

// 3 ulp. The ranges and polynomials are those of Cephes.
template <class T>
TYPEGRAD_INLINE Vector<T> atan(Vector<T> x) {
  constexpr bool single = sizeof(T) == 4;
  const Vector<T> size = abs<T>(x), one = splat(T(1));
  const Mask<T> far = size > splat(T(2.41421356237309504880));
  const Mask<T> middle = size > splat(T(single ? 0.41421356237309504880 : 0.66));
  const Vector<T> r =
      select<T>(far, -one / size, select<T>(middle, (size - one) / (size + one), size));
  const Vector<T> base =
      select<T>(far, splat(T(1.57079632679489661923)),
                select<T>(middle, splat(T(0.78539816339744830962)), Vector<T>{}));
  const Vector<T> z = r * r;
  Vector<T> tail;
  if constexpr (single) {
    tail = z * detail::horner<T>(z, 8.05374449538e-2, -1.38776856032e-1, 1.99777106478e-1,
                                 -3.33329491539e-1);
  } else {
    tail = z *
           detail::horner<T>(z, -8.750608600031904122785e-1, -1.615753718733365076637e1,
                             -7.500855792314704667340e1, -1.228866684490136173410e2,
                             -6.485021904942025371773e1) /
           detail::horner<T>(z, 1, 2.485846490142306297962e1, 1.650270098316988542046e2,
                             4.328810604912902668951e2, 4.853903996359136964868e2,
                             1.945506571482613964425e2);
  }
  // What pi/2 has behind the digits of its double.
  const double rest = single ? 0 : 6.123233995736765886130e-17;
  const Vector<T> more =
      select<T>(far, splat(T(rest)), select<T>(middle, splat(T(rest / 2)), Vector<T>{}));
  const Vector<T> result = base + (r * tail + r + more);
  return select<T>(x < Vector<T>{}, -result, result);
}

// The remainder with the divisor's sign, by std lane by lane.
template <class T>
TYPEGRAD_INLINE Vector<T> modulo(Vector<T> x, Vector<T> y) {
  return detail::lane_by_lane<T>([](T a, T b) { return tg::math::modulo(a, b); }, x, y);
}

// x^y, by std lane by lane.
template <class T>
TYPEGRAD_INLINE Vector<T> pow(Vector<T> x, Vector<T> y) {
  return detail::lane_by_lane<T>([](T a, T b) { return std::pow(a, b); }, x, y);
}

}  // namespace math
}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
