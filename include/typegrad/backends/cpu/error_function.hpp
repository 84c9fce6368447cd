// The error function and its complements on vectors.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/math.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace math {

// 3 ulp. Polynomials for float as N. Juffa published them; double goes to std.
template <class T>
TYPEGRAD_INLINE Vector<T> erf(Vector<T> x) {
  if constexpr (std::is_same_v<T, float>) {
    const Vector<T> square = x * x;
    const Vector<T> near =
        x * detail::horner<T>(square, -5.96761703e-4f, 4.99119423e-3f, -2.67681349e-2f,
                              1.12819925e-1f, -3.76125336e-1f, 1.28379166e-1f) +
        x;
    const Vector<T> limit = splat(4.0f), size = abs<T>(x);
    const Vector<T> t = size > limit ? limit : size;  // erf is ±1 there
    const Vector<T> exponent =
        t * detail::horner<T>(t, -1.72853470e-5f, 3.83197126e-4f, -3.88396438e-3f, 2.42546219e-2f,
                              -1.06777877e-1f, -6.34846687e-1f, -1.28717512e-1f) -
        t;
    const Vector<T> far = splat(1.0f) - exp<T>(exponent);
    return select<T>(size > splat(0.927734375f), x < Vector<T>{} ? -far : far, near);
  } else {
    return detail::lane_by_lane<T>([](T number) { return std::erf(number); }, x);
  }
}

namespace detail {

// (1 + 2x) exp(x^2) erfc(x) of x >= 0: tg::math::series::erfcx_terms, fewer of them for float.
template <class T>
TYPEGRAD_INLINE Vector<T> scaled_erfc(Vector<T> x) {
  const Vector<T> t = at_most(x, T(1e17)), q = (t - splat(T(4))) / (t + splat(T(4)));
  if constexpr (sizeof(T) == 4) {
    return horner<T>(q, 0.0001166079966, -0.0002486322974, -0.0007163394719, 0.005082809154,
                     -0.01622227456, 0.0371399169, -0.06632325954, 0.09374044379, -0.1010399508,
                     0.06809613205, 0.01537968365, -0.1396210843, 1.232995119);
  } else {
    Vector<T> sum{};
    TYPEGRAD_UNROLL
    for (double term : tg::math::series::erfcx_terms) sum = sum * q + splat(T(term));
    return sum;
  }
}

// x^2 as the sum of two numbers: the first has two digits less than T, and the second is small
// beside it.
template <class T>
struct Square {
  Vector<T> most, rest;

  TYPEGRAD_INLINE explicit Square(Vector<T> x) {
    using Lane = typename vector_of<T>::lane;
    constexpr Lane half_of_digits = (Lane(1) << (sizeof(T) == 4 ? 12 : 27)) - 1;
    const auto without = [](Vector<T> number, Lane digits) TYPEGRAD_INLINE_LAMBDA {
      return bits<Vector<T>>(bits<Mask<T>>(number) & ~digits);
    };
    const Vector<T> high = without(x, half_of_digits), low = x - high;
    most = without(x * x, 3);
    rest = (high * high - most) + (high + x) * low;
  }
};

}  // namespace detail

// 6 ulp where the result is a normal number: erfcx(|x|) exp(-x^2), or what 2 has more.
template <class T>
TYPEGRAD_INLINE Vector<T> erfc(Vector<T> x) {
  const Vector<T> size = at_most(abs<T>(x), T(sizeof(T) == 4 ? 11 : 28));  // erfc is 0 or 2 there
  const detail::Square<T> square{size};
  const Vector<T> power = exp<T>(-square.most);
  const Vector<T> scaled = detail::scaled_erfc<T>(size) / (splat(T(1)) + (size + size));
  const Vector<T> positive = (power - power * square.rest) * scaled;
  return select<T>(x < Vector<T>{}, splat(T(2)) - positive, positive);
}

// 5 ulp: exp(x^2) erfc(x), which overflows from -9.3 (double: -26.6) on down.
template <class T>
TYPEGRAD_INLINE Vector<T> erfcx(Vector<T> x) {
  const Vector<T> size = abs<T>(x);
  const Vector<T> positive = splat(T(0.5)) * detail::scaled_erfc<T>(size) / (size + splat(T(0.5)));
  const detail::Square<T> square{at_most(size, T(sizeof(T) == 4 ? 11 : 28))};
  const Vector<T> power = exp<T>(square.most);
  const Vector<T> twice = (power + power) * (splat(T(1)) + square.rest);
  return select<T>(x < Vector<T>{}, twice - positive, positive);
}

}  // namespace math
}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
