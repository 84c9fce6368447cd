// What labels choose: each sample's element at its label, and vectors that are zero elsewhere.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstdint>

#include "typegrad/backends/cpu/vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// The labels of a vector's lanes; past the last active sample its own again. Pre: active >= 1.
template <class T>
TYPEGRAD_INLINE Mask<T> labels_of_lanes(const std::int32_t* labels, int vector, int active) {
  Mask<T> result{};
  for (int lane = 0; lane < width<T>; ++lane)
    result[lane] = labels[std::min(vector * width<T> + lane, active - 1)];
  return result;
}

template <class T, int V, int N, class On, class Epilogue>
TYPEGRAD_INLINE void place_at_labels(const std::int32_t* labels, int active, On on,
                                     const Epilogue& epilogue) {
  for (int vector = 0; vector < V; ++vector) {
    const Mask<T> label = labels_of_lanes<T>(labels, vector, active);
    const Vector<T> value = on(vector);
    Mask<T> element{};
    for (int i = 0; i < N; ++i, element += 1)
      epilogue(0, i, vector, select<T>(label == element, value, Vector<T>{}));
  }
}

}  // namespace detail

// x: (N)[V*W]; labels: one per active sample. epilogue(0, 0, vector, x[label]).
// Pre: 1 <= active, 0 <= label < N.
template <class T, int V, int N, class Epilogue>
TYPEGRAD_KERNEL void pick(const T* x, const std::int32_t* labels, int active,
                          const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W;
  for (int vector = 0; vector < V; ++vector) {
    alignas(64) T picked[W];
    for (int lane = 0; lane < W; ++lane) {
      const int at = vector * W + lane;
      picked[lane] = x[labels[std::min(at, active - 1)] * step + at];
    }
    epilogue(0, 0, vector, load(picked));
  }
}

// epilogue(0, i, vector, i is the label ? 1 : 0) for all i < N; a label outside gives zeros. Pre: 1
// <= active.
template <class T, int V, int N, class Epilogue>
TYPEGRAD_KERNEL void one_hot(const std::int32_t* labels, int active, const Epilogue& epilogue) {
  detail::place_at_labels<T, V, N>(
      labels, active, [](int) TYPEGRAD_INLINE_LAMBDA { return splat(T(1)); }, epilogue);
}

// The same with values[V*W], a value per sample, in place of 1: the gradient of pick.
template <class T, int V, int N, class Epilogue>
TYPEGRAD_KERNEL void one_hot(const std::int32_t* labels, int active, const T* values,
                             const Epilogue& epilogue) {
  detail::place_at_labels<T, V, N>(
      labels, active,
      [&](int vector) TYPEGRAD_INLINE_LAMBDA { return load(values + vector * width<T>); },
      epilogue);
}

// One sample in plain arrays. x: (N). epilogue.flat(0, 0, x[label], 1).
template <class T, class Epilogue>
TYPEGRAD_KERNEL void latency_pick(const T* x, std::int32_t label, const Epilogue& epilogue) {
  epilogue.flat(0, 0, splat(x[label]), 1);
}

// epilogue.flat(0, i, i is the label ? value : 0, how many).
template <class T, int N, class Epilogue>
TYPEGRAD_KERNEL void latency_one_hot(std::int32_t label, T value, const Epilogue& epilogue) {
  constexpr int W = width<T>;
  using Lane = typename vector_of<T>::lane;
  for (int i = 0; i < N; i += W)
    epilogue.flat(
        0, i, select<T>(lane_index<T>() == Mask<T>{} + Lane(label - i), splat(value), Vector<T>{}),
        std::min(W, N - i));
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
