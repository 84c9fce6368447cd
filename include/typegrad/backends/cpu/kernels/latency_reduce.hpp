// Reductions of one sample in plain arrays, over the middle one of three extents.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/flat.hpp"
#include "typegrad/backends/cpu/kernels/fold.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// Lane i moves to lane i - By, around the end.
template <class T, int By>
struct Rotate {
  static constexpr int at(int lane) { return (lane + By) % width<T>; }
};

// Every lane becomes the fold of all.
template <class T, int Distance = width<T> / 2, class Fold>
TYPEGRAD_INLINE void fold_lanes(Fold& fold) {
  if constexpr (Distance > 0) {
    fold.meet([](Vector<T> v)
                  TYPEGRAD_INLINE_LAMBDA { return shuffle<Rotate<T, Distance>, T>(v, v); });
    fold_lanes<T, Distance / 2>(fold);
  }
}

// `Count` consecutive elements: vectors in four chains, then their lanes.
template <template <class> class Fold, class T, int Count>
TYPEGRAD_INLINE Fold<T> fold_row(const T* x) {
  constexpr int W = width<T>, whole = Count / W, rest = Count % W;
  constexpr int chains = whole >= 4 ? 4 : 1;
  Fold<T> folds[chains];
  const Vector<T> lane = __builtin_convertvector(lane_index<T>(), Vector<T>);
  int i = 0;
  for (; i + chains <= whole; i += chains) TYPEGRAD_UNROLL
  for (int chain = 0; chain < chains; ++chain)
    folds[chain].see(load_unaligned(x + (i + chain) * W), lane + splat(T((i + chain) * W)));
  for (; i < whole; ++i) folds[0].see(load_unaligned(x + i * W), lane + splat(T(i * W)));
  if constexpr (rest > 0)
    folds[0].see(
        select<T>(first_lanes<T>(rest), load_first(x + whole * W, rest), splat(Fold<T>::empty)),
        lane + splat(T(whole * W)));
  TYPEGRAD_UNROLL
  for (int chain = 1; chain < chains; ++chain) folds[0].take_in(folds[chain]);
  fold_lanes<T>(folds[0]);
  return folds[0];
}

}  // namespace detail

// x: (Outer, Reduced, Inner). epilogue.flat(row, element of the result, values, how many): with
// Inner = 1 the result is one row of Outer elements, otherwise Outer rows of Inner.
template <template <class> class Fold, class T, int Outer, int Reduced, int Inner, class Epilogue>
TYPEGRAD_KERNEL void latency_reduce(const T* x, const Epilogue& epilogue) {
  constexpr int W = width<T>;
  if constexpr (Inner == 1) {
    for (int first = 0; first < Outer; first += W) {
      const int count = std::min(W, Outer - first);
      Vector<T> results{};
      for (int lane = 0; lane < count; ++lane)
        results = select<T>(
            lane_index<T>() == lane,
            detail::fold_row<Fold, T, Reduced>(x + (first + lane) * Reduced).result(), results);
      epilogue.flat(0, first, results, count);
    }
  } else {
    const T* const end = x + Outer * Reduced * Inner;
    for (int outer = 0; outer < Outer; ++outer)
      for (int inner = 0; inner < Inner; inner += W) {
        Fold<T> fold;
        for (int i = 0; i < Reduced; ++i)
          fold.see(load_before(x + (outer * Reduced + i) * Inner + inner, end), splat(T(i)));
        epilogue.flat(outer, outer * Inner + inner, fold.result(), std::min(W, Inner - inner));
      }
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
