// Softmax and log-softmax within a sample, a lane per sample, over the middle one of three extents.
// SPDX-License-Identifier: MIT
#pragma once
#include <limits>

#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/backends/cpu/math.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// Exponentials wait for their sum on the stack up to this many; of longer axes they are computed
// twice.
inline constexpr int kept_exponentials = 1024;

// Softmax of element(0), … element(N-1), each lane on its own, shifted by the maximum so that
// nothing overflows: give(i, e^(x_i - max) / sum) or, in logarithms, give(i, x_i - max - log(sum)).
// Post: -inf gives 0 (unless all are), NaN gives NaN everywhere.
template <class T, int N, bool Logarithm, class Element, class Give>
TYPEGRAD_INLINE void softmax_column(Element element, Give give) {
  Vector<T> maximum = splat(-std::numeric_limits<T>::infinity());
  for (int i = 0; i < N; ++i) maximum = math::max<T>(maximum, element(i));
  Vector<T> sum{};
  if constexpr (Logarithm) {
    for (int i = 0; i < N; ++i) sum += math::exp<T>(element(i) - maximum);
    const Vector<T> log_sum = math::log<T>(sum);
    for (int i = 0; i < N; ++i) give(i, (element(i) - maximum) - log_sum);
  } else if constexpr (N <= kept_exponentials) {
    Vector<T> kept[N];
    for (int i = 0; i < N; ++i) sum += kept[i] = math::exp<T>(element(i) - maximum);
    const Vector<T> share = splat(T(1)) / sum;
    for (int i = 0; i < N; ++i) give(i, kept[i] * share);
  } else {
    for (int i = 0; i < N; ++i) sum += math::exp<T>(element(i) - maximum);
    const Vector<T> share = splat(T(1)) / sum;
    for (int i = 0; i < N; ++i) give(i, math::exp<T>(element(i) - maximum) * share);
  }
}

template <class T, int V, int Outer, int N, int Inner, bool Logarithm, class X, class Epilogue>
TYPEGRAD_INLINE void softmax_lanes(const X* x, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W;
  for (int outer = 0; outer < Outer; ++outer)
    for (int inner = 0; inner < Inner; ++inner)
      for (int vector = 0; vector < V; ++vector) {
        const X* const from = x + (outer * N * Inner + inner) * step + vector * W;
        softmax_column<T, N, Logarithm>(
            [&](int i) TYPEGRAD_INLINE_LAMBDA { return load(from + i * Inner * step); },
            [&](int i, Vector<T> value)
                TYPEGRAD_INLINE_LAMBDA { epilogue(outer, i * Inner + inner, vector, value); });
      }
}

}  // namespace detail

// x: (Outer, N, Inner)[V*W]. epilogue(outer, i * Inner + inner, vector, value).
template <class T, int V, int Outer, int N, int Inner, class X, class Epilogue>
TYPEGRAD_KERNEL void softmax(const X* x, const Epilogue& epilogue) {
  detail::softmax_lanes<T, V, Outer, N, Inner, false>(x, epilogue);
}
template <class T, int V, int Outer, int N, int Inner, class X, class Epilogue>
TYPEGRAD_KERNEL void log_softmax(const X* x, const Epilogue& epilogue) {
  detail::softmax_lanes<T, V, Outer, N, Inner, true>(x, epilogue);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
