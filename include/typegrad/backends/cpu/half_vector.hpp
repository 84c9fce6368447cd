// Vectors of floats that lie in memory as halves: converted as they are read and written.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/vector.hpp"
#include "typegrad/core/half.hpp"
#if TYPEGRAD_VECTOR_BYTES == 32 && defined(__F16C__)
#include <immintrin.h>  // conversions of float16
#endif

// The one place where kernels meet the halves: the functions of vector.hpp that move numbers
// between memory and registers, for pointers to bfloat16 and float16. A kernel whose operands are
// pointers to any type reads and writes them with these, and computes with Vector<float>.

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

template <class S>
concept HalfType = is_half_type<S>;

// As many halves as a vector has floats, as they lie in memory.
template <HalfType S>
struct PackedHalves {
  S lane[width<float>];
};

#if TYPEGRAD_VECTOR_BYTES == 64
TYPEGRAD_INLINE Vector<float> widen(const PackedHalves<bfloat16>& packed) {
  __m256i bits;
  std::memcpy(&bits, &packed, sizeof bits);
  constexpr auto all = __mmask16(-1);
  return (Vector<float>)_mm512_maskz_slli_epi32(all, _mm512_maskz_cvtepu16_epi32(all, bits), 16);
}
TYPEGRAD_INLINE Vector<float> widen(const PackedHalves<float16>& packed) {
  __m256i bits;
  std::memcpy(&bits, &packed, sizeof bits);
  return (Vector<float>)_mm512_maskz_cvtph_ps(__mmask16(-1), bits);
}
TYPEGRAD_INLINE PackedHalves<bfloat16> narrow(Vector<float> v, bfloat16) {
  constexpr auto all = __mmask16(-1);
  const auto x = (__m512i)v;
  const __m512i odd = _mm512_maskz_srli_epi32(all, _mm512_maskz_slli_epi32(all, x, 15), 31);
  const __m512i up = _mm512_maskz_add_epi32(all, _mm512_set1_epi32(0x7FFF), odd);
  const __mmask16 nan = _mm512_cmp_ps_mask((__m512)v, (__m512)v, _CMP_UNORD_Q);
  const __m512i rounded =
      _mm512_mask_or_epi32(_mm512_maskz_add_epi32(all, x, up), nan, x, _mm512_set1_epi32(0x400000));
  const __m256i bits = _mm512_maskz_cvtepi32_epi16(all, _mm512_maskz_srli_epi32(all, rounded, 16));
  PackedHalves<bfloat16> packed;
  std::memcpy(&packed, &bits, sizeof bits);
  return packed;
}
TYPEGRAD_INLINE PackedHalves<float16> narrow(Vector<float> v, float16) {
  const __m256i bits = _mm512_maskz_cvtps_ph(__mmask16(-1), (__m512)v,
                                             _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  PackedHalves<float16> packed;
  std::memcpy(&packed, &bits, sizeof bits);
  return packed;
}
#else
#if TYPEGRAD_VECTOR_BYTES == 32 && defined(__F16C__)
TYPEGRAD_INLINE Vector<float> widen(const PackedHalves<float16>& packed) {
  __m128i bits;
  std::memcpy(&bits, &packed, sizeof bits);
  return (Vector<float>)_mm256_cvtph_ps(bits);
}
TYPEGRAD_INLINE PackedHalves<float16> narrow(Vector<float> v, float16) {
  const __m128i bits = _mm256_cvtps_ph((__m256)v, _MM_FROUND_TO_NEAREST_INT);
  PackedHalves<float16> packed;
  std::memcpy(&packed, &bits, sizeof bits);
  return packed;
}
#endif
// Lane by lane: the compiler makes vectors of what it can.
template <HalfType S>
TYPEGRAD_INLINE Vector<float> widen(const PackedHalves<S>& packed) {
  float lanes[width<float>];
  for (int lane = 0; lane < width<float>; ++lane) lanes[lane] = packed.lane[lane];
  return load_unaligned(lanes);
}
template <HalfType S>
TYPEGRAD_INLINE PackedHalves<S> narrow(Vector<float> v, S) {
  PackedHalves<S> packed;
  for (int lane = 0; lane < width<float>; ++lane) packed.lane[lane] = S(v[lane]);
  return packed;
}
#endif

// Every lane a number that S has.
template <HalfType S>
TYPEGRAD_INLINE Vector<float> rounded_to(Vector<float> v) {
  return widen(narrow(v, S{}));
}

template <HalfType S>
TYPEGRAD_INLINE Vector<float> splat(S x) {
  return splat(float(x));
}
template <HalfType S>
TYPEGRAD_INLINE Vector<float> load_unaligned(const S* p) {
  PackedHalves<S> packed;
  std::memcpy(&packed, p, sizeof packed);
  return widen(packed);
}
template <HalfType S>
TYPEGRAD_INLINE Vector<float> load(const S* p) {
  return load_unaligned(p);
}
template <HalfType S>
TYPEGRAD_INLINE void store_unaligned(S* p, Vector<float> v) {
  const PackedHalves<S> packed = narrow(v, S{});
  std::memcpy(p, &packed, sizeof packed);
}
template <HalfType S>
TYPEGRAD_INLINE void store(S* p, Vector<float> v) {
  store_unaligned(p, v);
}
template <HalfType S>
TYPEGRAD_INLINE void store_streaming(S* p, Vector<float> v) {
  store_unaligned(p, v);
}
template <HalfType S>
TYPEGRAD_INLINE Vector<float> load_first(const S* p, int count) {
  if (count >= width<float>) return load_unaligned(p);
  PackedHalves<S> packed{};
  std::memcpy(&packed, p, sizeof(S) * std::size_t(count));
  return widen(packed);
}
template <HalfType S>
TYPEGRAD_INLINE void store_first(S* p, Vector<float> v, int count) {
  if (count >= width<float>) return store_unaligned(p, v);
  const PackedHalves<S> packed = narrow(v, S{});
  std::memcpy(p, &packed, sizeof(S) * std::size_t(count));
}

// Numbers that are read one by one, each for all lanes: a bfloat16 costs a shift then, a float16 a
// conversion, so `Count` of these are converted before, by vectors. Returns where they are: at p,
// or in `room`. Pre: Count is a multiple of the vector's width, room is aligned to it.
template <class S>
inline constexpr bool converted_before = std::is_same_v<S, float16>;

template <int Count, class S, class T>
TYPEGRAD_INLINE auto numbers_at(const S* p, T* room) {
  if constexpr (converted_before<S>) {
    for (int i = 0; i < Count; i += width<T>) store(room + i, load(p + i));
    return static_cast<const T*>(room);
  } else {
    return p;
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
