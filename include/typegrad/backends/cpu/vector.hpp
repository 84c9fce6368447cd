// Vectors of the machine's width: load, store, broadcast, select, and sums over lanes.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <cstring>
#include <utility>

#include "typegrad/core/config.hpp"
#if TYPEGRAD_VECTOR_BYTES == 64
#include <immintrin.h>  // masked loads and stores
#endif

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Lanes of one vector of T: 16 floats with AVX-512, 8 with AVX2, 4 otherwise; half as many doubles.
template <class T>
inline constexpr int width = TYPEGRAD_VECTOR_BYTES / int(sizeof(T));

// clang-format off
template <class T> struct vector_of;
template <> struct vector_of<float> {
  typedef float type __attribute__((vector_size(TYPEGRAD_VECTOR_BYTES)));
  typedef std::int32_t mask __attribute__((vector_size(TYPEGRAD_VECTOR_BYTES)));
  using lane = std::int32_t;
};
template <> struct vector_of<double> {
  typedef double type __attribute__((vector_size(TYPEGRAD_VECTOR_BYTES)));
  typedef std::int64_t mask __attribute__((vector_size(TYPEGRAD_VECTOR_BYTES)));
  using lane = std::int64_t;
};
// clang-format on
template <class T>
using Vector = typename vector_of<T>::type;
template <class T>
using Mask =
    typename vector_of<T>::mask;  // a comparison's result: all bits set in the lanes where it holds

// All lanes x: x - 0 is x, whatever x is. (`x + V{}` would cost an addition: -0 + 0 is not -0.)
template <class T>
TYPEGRAD_INLINE Vector<T> splat(T x) {
  return x - Vector<T>{};
}

// The lanes' own numbers: 0, 1, 2, …
template <class T>
TYPEGRAD_INLINE Mask<T> lane_index() {
  return [&]<int... Lane>(std::integer_sequence<int, Lane...>) TYPEGRAD_INLINE_LAMBDA {
    return Mask<T>{Lane...};
  }
  (std::make_integer_sequence<int, width<T>>{});
}

// True in lanes 0 … count-1.
template <class T>
TYPEGRAD_INLINE Mask<T> first_lanes(int count) {
  return lane_index<T>() < (Mask<T>{} + typename vector_of<T>::lane(count));
}

// Pre: p is aligned to the vector.
template <class T>
TYPEGRAD_INLINE Vector<T> load(const T* p) {
  return *reinterpret_cast<const Vector<T>*>(p);
}
template <class T>
TYPEGRAD_INLINE void store(T* p, Vector<T> v) {
  *reinterpret_cast<Vector<T>*>(p) = v;
}
template <class T>
TYPEGRAD_INLINE Vector<T> load_unaligned(const T* p) {
  Vector<T> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
template <class T>
TYPEGRAD_INLINE void store_unaligned(T* p, Vector<T> v) {
  std::memcpy(p, &v, sizeof v);
}
// Past the caches, when nobody reads it soon: a whole line at once is not read before it is
// written. Pre: p is aligned to the vector. Other threads see it after store_fence().
template <class T>
TYPEGRAD_INLINE void store_streaming(T* p, Vector<T> v) {
#if TYPEGRAD_VECTOR_BYTES == 64
  if constexpr (sizeof(T) == 4)
    _mm512_stream_ps(p, (__m512)v);
  else
    _mm512_stream_pd(p, (__m512d)v);
#else
  store(p, v);
#endif
}
TYPEGRAD_INLINE void store_fence() {
#if TYPEGRAD_VECTOR_BYTES == 64
  _mm_sfence();
#endif
}
// x, or the bound where x is beyond it; a NaN stays one. (Written as a choice, it would be a
// comparison and a blend.)
#if TYPEGRAD_VECTOR_BYTES == 64
// clang-format off
TYPEGRAD_INLINE Vector<float> at_least(Vector<float> x, float low) { return (Vector<float>)_mm512_maskz_max_ps(__mmask16(-1), _mm512_set1_ps(low), (__m512)x); }
TYPEGRAD_INLINE Vector<double> at_least(Vector<double> x, double low) { return (Vector<double>)_mm512_maskz_max_pd(__mmask8(-1), _mm512_set1_pd(low), (__m512d)x); }
TYPEGRAD_INLINE Vector<float> at_most(Vector<float> x, float high) { return (Vector<float>)_mm512_maskz_min_ps(__mmask16(-1), _mm512_set1_ps(high), (__m512)x); }
TYPEGRAD_INLINE Vector<double> at_most(Vector<double> x, double high) { return (Vector<double>)_mm512_maskz_min_pd(__mmask8(-1), _mm512_set1_pd(high), (__m512d)x); }
// clang-format on
#else
template <class T>
TYPEGRAD_INLINE Vector<T> at_least(Vector<T> x, T low) {
  return x < splat(low) ? splat(low) : x;
}
template <class T>
TYPEGRAD_INLINE Vector<T> at_most(Vector<T> x, T high) {
  return x > splat(high) ? splat(high) : x;
}
#endif
#if TYPEGRAD_VECTOR_BYTES == 64
// clang-format off
// x times two to the whole number n, rounded once however small it is.
TYPEGRAD_INLINE Vector<float> times_power(Vector<float> x, Vector<float> n) { return (Vector<float>)_mm512_maskz_scalef_ps(__mmask16(-1), (__m512)x, (__m512)n); }
TYPEGRAD_INLINE Vector<double> times_power(Vector<double> x, Vector<double> n) { return (Vector<double>)_mm512_maskz_scalef_pd(__mmask8(-1), (__m512d)x, (__m512d)n); }
TYPEGRAD_INLINE Vector<float> load_masked(const float* p, unsigned mask) { return _mm512_maskz_loadu_ps(__mmask16(mask), p); }
TYPEGRAD_INLINE Vector<double> load_masked(const double* p, unsigned mask) { return _mm512_maskz_loadu_pd(__mmask8(mask), p); }
TYPEGRAD_INLINE void store_masked(float* p, unsigned mask, Vector<float> v) { _mm512_mask_storeu_ps(p, __mmask16(mask), v); }
TYPEGRAD_INLINE void store_masked(double* p, unsigned mask, Vector<double> v) { _mm512_mask_storeu_pd(p, __mmask8(mask), v); }
// clang-format on
#else
// Copies `count` elements, less than 2 * Part, in powers of two: a constant count leaves two or
// three moves.
template <int Part, class T>
TYPEGRAD_INLINE void copy_first(T* to, const T* from, int count) {
  if (count & Part) std::memcpy(to, from, Part * sizeof(T));
  const int copied = count & Part;
  if constexpr (Part > 1) copy_first<Part / 2>(to + copied, from + copied, count);
}
#endif
// The first `count` elements at p, zeros behind; nothing past them is read (0 <= count <= width).
template <class T>
TYPEGRAD_INLINE Vector<T> load_first(const T* p, int count) {
  if (count >= width<T>) return load_unaligned(p);
#if TYPEGRAD_VECTOR_BYTES == 64
  return load_masked(p, (1u << count) - 1);
#else
  Vector<T> v{};
  copy_first<width<T> / 2>(reinterpret_cast<T*>(&v), p, count);
  return v;
#endif
}
template <class T>
TYPEGRAD_INLINE void store_first(T* p, Vector<T> v, int count) {
  if (count >= width<T>) return store_unaligned(p, v);
#if TYPEGRAD_VECTOR_BYTES == 64
  store_masked(p, (1u << count) - 1, v);
#else
  copy_first<width<T> / 2>(p, reinterpret_cast<const T*>(&v), count);
#endif
}

// Lane by lane: a where the mask holds, else b; never arithmetic, so a NaN that is not chosen does
// not spread.
template <class T>
TYPEGRAD_INLINE Vector<T> select(Mask<T> mask, Vector<T> a, Vector<T> b) {
  return mask ? a : b;
}

// The sum of the lanes, as a balanced tree: the same bits whoever asks.
template <class T, int Half = width<T> / 2>
TYPEGRAD_INLINE T sum_lanes(Vector<T> v) {
  if constexpr (Half == 0) {
    return v[0];
  } else {
    v += [&]<int... Lane>(std::integer_sequence<int, Lane...>) TYPEGRAD_INLINE_LAMBDA {
#if defined(__clang__)
      return __builtin_shufflevector(v, v, (Lane ^ Half)...);
#else
      return __builtin_shuffle(v, Mask<T>{(Lane ^ Half)...});
#endif
    }
    (std::make_integer_sequence<int, width<T>>{});
    return sum_lanes<T, Half / 2>(v);
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
