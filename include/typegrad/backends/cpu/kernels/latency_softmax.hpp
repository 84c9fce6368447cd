// Softmax and its logarithm of one sample in plain arrays, over the middle one of three extents.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/latency_reduce.hpp"
#include "typegrad/backends/cpu/kernels/softmax.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// N consecutive elements: vectors run along them.
template <class T, int N, bool Logarithm, class Give>
TYPEGRAD_INLINE void softmax_row(const T* x, Give give) {
  constexpr int W = width<T>, vectors = (N + W - 1) / W;
  const T* const end = x + N;
  const Vector<T> maximum = fold_row<fold::Maximum, T, N>(x).result();
  const auto shifted = [&](int i)
                           TYPEGRAD_INLINE_LAMBDA { return load_before(x + i * W, end) - maximum; };
  constexpr bool keep = !Logarithm && N <= kept_exponentials * W;
  Vector<T> kept[keep ? vectors : 1];
  fold::Sum<T> sum;
  for (int i = 0; i < vectors; ++i) {
    Vector<T> exponential = math::exp<T>(shifted(i));
    if (N % W != 0 && i == vectors - 1)
      exponential = select<T>(first_lanes<T>(N % W), exponential, Vector<T>{});
    if constexpr (keep) kept[i] = exponential;
    sum.see(exponential);
  }
  fold_lanes<T>(sum);
  if constexpr (Logarithm) {
    const Vector<T> log_sum = math::log<T>(sum.value);
    for (int i = 0; i < vectors; ++i) give(i * W, shifted(i) - log_sum);
  } else {
    const Vector<T> share = splat(T(1)) / sum.value;
    for (int i = 0; i < vectors; ++i)
      if constexpr (keep)
        give(i * W, kept[i] * share);
      else
        give(i * W, math::exp<T>(shifted(i)) * share);
  }
}

template <class T, int Outer, int N, int Inner, bool Logarithm, class Epilogue>
TYPEGRAD_INLINE void latency_softmax(const T* x, const Epilogue& epilogue) {
  constexpr int W = width<T>;
  const T* const end = x + Outer * N * Inner;
  for (int outer = 0; outer < Outer; ++outer)
    if constexpr (Inner == 1) {
      softmax_row<T, N, Logarithm>(x + outer * N,
                                   [&](int i, Vector<T> value) TYPEGRAD_INLINE_LAMBDA {
                                     epilogue.flat(outer, outer * N + i, value, std::min(W, N - i));
                                   });
    } else {
      for (int inner = 0; inner < Inner; inner += W)
        softmax_column<T, N, Logarithm>(
            [&](int i) TYPEGRAD_INLINE_LAMBDA {
              return load_before(x + (outer * N + i) * Inner + inner, end);
            },
            [&](int i, Vector<T> value) TYPEGRAD_INLINE_LAMBDA {
              epilogue.flat(outer, (outer * N + i) * Inner + inner, value,
                            std::min(W, Inner - inner));
            });
    }
}

}  // namespace detail

// x: (Outer, N, Inner). epilogue.flat(outer, element, values, how many).
template <class T, int Outer, int N, int Inner, class Epilogue>
TYPEGRAD_KERNEL void latency_softmax(const T* x, const Epilogue& epilogue) {
  detail::latency_softmax<T, Outer, N, Inner, false>(x, epilogue);
}
template <class T, int Outer, int N, int Inner, class Epilogue>
TYPEGRAD_KERNEL void latency_log_softmax(const T* x, const Epilogue& epilogue) {
  detail::latency_softmax<T, Outer, N, Inner, true>(x, epilogue);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
