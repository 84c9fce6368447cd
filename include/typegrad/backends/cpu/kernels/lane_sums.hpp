// Sums over the lanes of many vectors at once: shuffles shared by all of them instead of a tree for
// each.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// Where a lane of lane_halves' operands comes from, in a (0 …) or b (width …). Up to 16 bytes,
// blocks interleave as in unpacklo and unpackhi; from there on, even and odd
// sixteens are collected: each is one instruction.
template <class T>
constexpr int lane_source(int lane, int block, bool second) {
  constexpr int sixteen_bytes = 16 / int(sizeof(T));
  const int index = lane / block;
  if (block < sixteen_bytes) {
    const int in_sixteen = index % (sixteen_bytes / block);
    const int base = lane / sixteen_bytes * sixteen_bytes + (second ? sixteen_bytes / 2 : 0);
    return (in_sixteen % 2) * width<T> + base + in_sixteen / 2 * block + lane % block;
  }
  return (lane / sixteen_bytes * 2 + second) * sixteen_bytes + lane % sixteen_bytes;
}

// a and b hold `Block` interleaved sums; the result holds those of both, 2 * Block, in order.
template <class T, int Block>
TYPEGRAD_INLINE Vector<T> lane_halves(Vector<T> a, Vector<T> b) {
  return [&]<int... Lane>(std::integer_sequence<int, Lane...>) TYPEGRAD_INLINE_LAMBDA {
    return __builtin_shufflevector(a, b, lane_source<T>(Lane, Block, false)...) +
           __builtin_shufflevector(a, b, lane_source<T>(Lane, Block, true)...);
  }
  (std::make_integer_sequence<int, width<T>>{});
}

// Lane k of the result is the sum of the lanes of sums[k], k < Count <= width; the order depends on
// k alone.
template <class T, int Count, int Block = 1>
TYPEGRAD_INLINE Vector<T> lane_sums(const Vector<T> (&sums)[Count]) {
  static_assert(Count * Block < 2 * width<T> || Count == 1);
  if constexpr (Block == width<T>) {
    return sums[0];
  } else {
    Vector<T> halves[(Count + 1) / 2];
    TYPEGRAD_UNROLL for (int k = 0; k < Count; k += 2) halves[k / 2] =
        lane_halves<T, Block>(sums[k], sums[k + 1 < Count ? k + 1 : k]);
    return lane_sums<T, (Count + 1) / 2, Block * 2>(halves);
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
