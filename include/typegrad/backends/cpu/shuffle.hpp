// Shuffles of two vectors: transpositions, and the lane sums of many vectors at once.
// SPDX-License-Identifier: MIT
#pragma once
#include <utility>

#include "typegrad/backends/cpu/vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Lane i of the result is lane Index::at(i) of the two vectors laid end to end.
template <class Index, class T>
TYPEGRAD_INLINE Vector<T> shuffle(Vector<T> a, Vector<T> b) {
  return [&]<int... Lane>(std::integer_sequence<int, Lane...>) TYPEGRAD_INLINE_LAMBDA {
#if defined(__clang__)
    return __builtin_shufflevector(a, b, Index::at(Lane)...);
#else  // GCC has the builtin above too, but nvcc drops the pack on its way to GCC
    return __builtin_shuffle(a, b, Mask<T>{Index::at(Lane)...});
#endif
  }
  (std::make_integer_sequence<int, width<T>>{});
}

// A block is 16 bytes: machines shuffle faster within it than across.
template <class T>
inline constexpr int block = 16 / int(sizeof(T));
template <class T>
inline constexpr int blocks = width<T> / block<T>;

// Within each block: groups of `Group` lanes, in turn from a and from b, of the block's first (Half
// 0) or second half.
template <class T, int Group, int Half>
struct Interleave {
  static constexpr int at(int lane) {
    const int within = lane % block<T>;
    const int from_b = within / Group % 2;
    return lane - within + Half * block<T> / 2 + within / (2 * Group) * Group + within % Group +
           from_b * width<T>;
  }
};

// The first or second half of a's blocks, then the same of b's.
template <class T, int Half>
struct Halves {
  static constexpr int at(int lane) {
    constexpr int half = width<T> / 2;
    return lane % half + Half * half + lane / half * width<T>;
  }
};

// Every second block of a from block `First`, then the same of b's.
template <class T, int First>
struct Alternate {
  static constexpr int at(int lane) {
    constexpr int half = width<T> / 2;
    const int to_block = lane % half / block<T>;
    return (2 * to_block + First) * block<T> + lane % block<T> + lane / half * width<T>;
  }
};

namespace detail {

// One step of a transposition on the vectors at a distance: pairs (a, b) become (Low of both, High
// of both).
template <class T, int Count, int Distance, class Low, class High>
TYPEGRAD_INLINE void exchange(Vector<T>* v) {
  TYPEGRAD_UNROLL
  for (int i = 0; i < Count; ++i) {
    if (i / Distance % 2 == 1) continue;
    const Vector<T> a = v[i], b = v[i + Distance];
    v[i] = shuffle<Low, T>(a, b);
    v[i + Distance] = shuffle<High, T>(a, b);
  }
}

// One step of the lane sums: half as many vectors, each the sum of what the two shuffles of a pair
// give.
template <class T, int Count, class Low, class High>
TYPEGRAD_INLINE void fold_pairs(Vector<T>* v) {
  TYPEGRAD_UNROLL
  for (int i = 0; i < Count / 2; ++i)
    v[i] = shuffle<Low, T>(v[2 * i], v[2 * i + 1]) + shuffle<High, T>(v[2 * i], v[2 * i + 1]);
}

}  // namespace detail

// Post: lane j of v[i] is what lane i of v[j] was.
template <class T>
TYPEGRAD_INLINE void transpose(Vector<T> (&v)[width<T>]) {
  constexpr int all = width<T>, per_block = block<T>;
  if constexpr (per_block == 4) {
    detail::exchange<T, all, 1, Interleave<T, 1, 0>, Interleave<T, 1, 1>>(v);
    detail::exchange<T, all, 2, Interleave<T, 2, 0>, Interleave<T, 2, 1>>(v);
    TYPEGRAD_UNROLL
    for (int i = 0; i < all; i += 4) std::swap(v[i + 1], v[i + 2]);
  } else {
    detail::exchange<T, all, 1, Interleave<T, 1, 0>, Interleave<T, 1, 1>>(v);
  }
  if constexpr (blocks<T> >= 2) detail::exchange<T, all, per_block, Halves<T, 0>, Halves<T, 1>>(v);
  if constexpr (blocks<T> == 4) {
    detail::exchange<T, all, 2 * per_block, Alternate<T, 0>, Alternate<T, 1>>(v);
    TYPEGRAD_UNROLL
    for (int i = per_block; i < 2 * per_block; ++i) std::swap(v[i], v[i + per_block]);
  }
}

// Lane i of the result is the sum of the lanes of v[i], always in the same order. Overwrites v.
template <class T>
TYPEGRAD_INLINE Vector<T> sum_lanes_of_each(Vector<T> (&v)[width<T>]) {
  constexpr int all = width<T>;
  detail::fold_pairs<T, all, Interleave<T, 1, 0>, Interleave<T, 1, 1>>(v);
  if constexpr (block<T> == 4)
    detail::fold_pairs<T, all / 2, Interleave<T, 2, 0>, Interleave<T, 2, 1>>(v);
  if constexpr (blocks<T> >= 2) detail::fold_pairs<T, blocks<T>, Halves<T, 0>, Halves<T, 1>>(v);
  if constexpr (blocks<T> == 4) detail::fold_pairs<T, 2, Alternate<T, 0>, Alternate<T, 1>>(v);
  return v[0];
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
