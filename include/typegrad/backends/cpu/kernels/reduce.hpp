// Reductions within a sample, a lane per sample, over the middle one of three extents.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/backends/cpu/kernels/fold.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// `Together` neighbours along the inner axis at a time. One alone folds a long axis in four chains,
// or each element would wait for the one before: chain c has the c-th quarter, the last one the
// rest too.
template <template <class> class Fold, class T, int Step, int Reduced, int Inner, int Together,
          class X, class Give>
TYPEGRAD_INLINE void reduce_neighbours(const X* x, Give give) {
  constexpr int chains = Together == 1 && Reduced >= 16 ? 4 : 1, quarter = Reduced / chains;
  Fold<T> folds[chains][Together];
  const auto see = [&](int chain, int i) TYPEGRAD_INLINE_LAMBDA {
    TYPEGRAD_UNROLL
    for (int k = 0; k < Together; ++k)
      folds[chain][k].see(load(x + (i * Inner + k) * Step), splat(T(i)));
  };
  for (int i = 0; i < quarter; ++i) TYPEGRAD_UNROLL
  for (int chain = 0; chain < chains; ++chain) see(chain, chain * quarter + i);
  for (int i = chains * quarter; i < Reduced; ++i) see(chains - 1, i);
  TYPEGRAD_UNROLL
  for (int k = 0; k < Together; ++k) {
    TYPEGRAD_UNROLL
    for (int chain = 1; chain < chains; ++chain) folds[0][k].take_in(folds[chain][k]);
    give(k, folds[0][k].result());
  }
}

}  // namespace detail

// x: (Outer, Reduced, Inner)[V*W]. epilogue(outer, inner, vector, result of the fold).
template <template <class> class Fold, class T, int V, int Outer, int Reduced, int Inner, class X,
          class Epilogue>
TYPEGRAD_KERNEL void reduce(const X* x, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W;
  const auto neighbours = [&]<int Together>(std::integral_constant<int, Together>, int outer,
                                            int inner) TYPEGRAD_INLINE_LAMBDA {
    for (int vector = 0; vector < V; ++vector)
      detail::reduce_neighbours<Fold, T, step, Reduced, Inner, Together>(
          x + (outer * Reduced * Inner + inner) * step + vector * W,
          [&](int k, Vector<T> value)
              TYPEGRAD_INLINE_LAMBDA { epilogue(outer, inner + k, vector, value); });
  };
  for (int outer = 0; outer < Outer; ++outer) {
    int inner = 0;
    if constexpr (Inner >= 4)
      for (; inner + 4 <= Inner; inner += 4)
        neighbours(std::integral_constant<int, 4>{}, outer, inner);
    if constexpr (Inner % 4 != 0)
      for (; inner < Inner; ++inner) neighbours(std::integral_constant<int, 1>{}, outer, inner);
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
