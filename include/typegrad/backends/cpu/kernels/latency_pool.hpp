// Maximum and average pooling of one sample in plain arrays: vectors run along the columns.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <iterator>
#include <utility>

#include "typegrad/backends/cpu/kernels/flat.hpp"
#include "typegrad/backends/cpu/kernels/pool.hpp"
#include "typegrad/backends/cpu/shuffle.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {
namespace detail {

// Every second lane of two vectors laid end to end.
template <class T, int First>
struct EverySecond {
  static constexpr int at(int lane) { return 2 * lane + First; }
};

// The vector p[0], p[Stride], p[2*Stride], … Pre: p has Stride vectors, and `Offset` elements
// before it belong to the same buffer. Stride 2 reads the same two vectors for an even offset and
// the odd one behind it.
template <class T, int Stride, int Offset>
TYPEGRAD_INLINE Vector<T> load_strided(const T* p) {
  if constexpr (Stride == 1) {
    return load_unaligned(p);
  } else if constexpr (Stride == 2) {
    const T* even = p - Offset % 2;
    return shuffle<EverySecond<T, Offset % 2>, T>(load_unaligned(even),
                                                  load_unaligned(even + width<T>));
  } else {
    Vector<T> v;
    for (int lane = 0; lane < width<T>; ++lane) v[lane] = p[lane * Stride];
    return v;
  }
}

// First down the rows of a window, whole rows at a time, then along the columns of the one row that
// this gives.
template <template <class> class Fold, class T, class G, class Finish, class Epilogue>
TYPEGRAD_INLINE void latency_pool(const T* x, Finish finish, const Epilogue& epilogue) {
  constexpr int W = width<T>, plane = G::height * G::width;
  constexpr int row_length = G::width + 2 * G::pad_width;
  const T* const end = x + G::channels * plane;
  alignas(64) T merged[row_length + (G::stride_width + 1) * W + G::kernel_width];
  std::fill(merged, std::end(merged), Fold<T>::empty);
  for (int channel = 0; channel < G::channels; ++channel)
    for (int out_row = 0; out_row < G::out_height; ++out_row) {
      const int top = out_row * G::stride_height - G::pad_height;
      const int last = G::last(top, G::kernel_height, G::height);
      for (int column = 0; column < G::width; column += W) {
        Fold<T> down;
        for (int i = G::first(top); i < last; ++i)
          down.see(load_before(x + channel * plane + (top + i) * G::width + column, end));
        store_unaligned(merged + G::pad_width + column, down.result());
      }
      if constexpr (G::pad_width > 0)  // the last vector may have passed the row's end
        std::fill_n(merged + G::pad_width + G::width, G::pad_width, Fold<T>::empty);
      for (int column = 0; column < G::out_width; column += W) {
        const T* window = merged + column * G::stride_width;
        Fold<T> along;
        [&]<int... J>(std::integer_sequence<int, J...>) TYPEGRAD_INLINE_LAMBDA {
          (along.see(load_strided<T, G::stride_width, J>(window + J)), ...);
        }
        (std::make_integer_sequence<int, G::kernel_width>{});
        epilogue.flat(channel, channel * G::positions + out_row * G::out_width + column,
                      finish(along.result()), std::min(W, G::out_width - column));
      }
    }
}

}  // namespace detail

// x: (channels, height, width). epilogue.flat(channel, element of the result, values, how many):
// runs stay within a row.
template <class T, class G, class Epilogue>
TYPEGRAD_KERNEL void latency_max_pool(const T* x, const Epilogue& epilogue) {
  detail::latency_pool<fold::Maximum, T, G>(
      x, [](Vector<T> maximum) TYPEGRAD_INLINE_LAMBDA { return maximum; }, epilogue);
}
template <class T, class G, class Epilogue>
TYPEGRAD_KERNEL void latency_average_pool(const T* x, const Epilogue& epilogue) {
  const Vector<T> share = splat(T(1) / T(G::kernel_height * G::kernel_width));
  detail::latency_pool<fold::Sum, T, G>(
      x, [&](Vector<T> sum) TYPEGRAD_INLINE_LAMBDA { return sum * share; }, epilogue);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
