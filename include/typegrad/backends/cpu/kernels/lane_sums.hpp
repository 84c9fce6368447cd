// Sums over the lanes of several vectors at once, with shuffles shared by all.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Each of the pair holds `Groups` sums in turn; the result holds those of both, in order.
template <class T, int Groups>
TYPEGRAD_INLINE Vector<T> fold_lanes(Vector<T> a, Vector<T> b) {
  if constexpr (Groups < block<T>)
    return shuffle<Interleave<T, Groups, 0>, T>(a, b) + shuffle<Interleave<T, Groups, 1>, T>(a, b);
  else if constexpr (Groups == block<T>)
    return shuffle<Halves<T, 0>, T>(a, b) + shuffle<Halves<T, 1>, T>(a, b);
  else
    return shuffle<Alternate<T, 0>, T>(a, b) + shuffle<Alternate<T, 1>, T>(a, b);
}

// Lane k of the result is the sum of the lanes of sums[k], k < Count <= width; the order depends on
// k alone.
template <class T, int Count, int Groups = 1>
TYPEGRAD_INLINE Vector<T> lane_sums(const Vector<T> (&sums)[Count]) {
  static_assert(Count * Groups < 2 * width<T>);
  if constexpr (Groups == width<T>) {
    return sums[0];
  } else {
    Vector<T> folded[(Count + 1) / 2];
    TYPEGRAD_UNROLL for (int k = 0; k < Count; k += 2) folded[k / 2] =
        fold_lanes<T, Groups>(sums[k], sums[k + 1 < Count ? k + 1 : k]);
    return lane_sums<T, (Count + 1) / 2, Groups * 2>(folded);
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
