// Maximum and average pools and their gradients: a thread for each number.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

// G is a Pooling of passes/geometry.hpp. The gradients are gathered, each input from the
// windows that it lies in, in order: nothing is added by two threads. epilogue(c, element, sample,
// value) gets each result.
namespace tg::cuda {

namespace detail {

// The part of a window, or of the windows that see a position, that exists: [begin, end).
struct Span {
  int begin, end;
};
// Positions of the input that window `index` sees, along one axis.
TYPEGRAD_DEVICE constexpr Span seen_by(int index, int kernel, int stride, int padding, int extent) {
  const int first = index * stride - padding, end = first + kernel;
  return {first > 0 ? first : 0, end < extent ? end : extent};
}
// Windows that see position `at`.
TYPEGRAD_DEVICE constexpr Span windows_of(int at, int kernel, int stride, int padding,
                                          int windows) {
  const int last = (at + padding) / stride, before = at + padding - kernel;
  const int first = before < 0 ? 0 : before / stride + 1;
  return {first, last + 1 < windows ? last + 1 : windows};
}

// visit(element of the input) for those that the window (row, column) of a plane sees, by rows.
template <class G, class Visit>
TYPEGRAD_DEVICE void each_seen(int plane, int row, int column, const Visit& visit) {
  const Span rows = seen_by(row, G::kernel_height, G::stride_height, G::pad_height, G::height);
  const Span columns = seen_by(column, G::kernel_width, G::stride_width, G::pad_width, G::width);
  for (int y = rows.begin; y < rows.end; ++y)
    for (int x = columns.begin; x < columns.end; ++x) visit((plane * G::height + y) * G::width + x);
}
// visit(element of the result, row, column) for the windows that see (y, x) of a plane, by rows.
template <class G, class Visit>
TYPEGRAD_DEVICE void each_window_of(int plane, int y, int x, const Visit& visit) {
  const Span rows = windows_of(y, G::kernel_height, G::stride_height, G::pad_height, G::out_height);
  const Span columns = windows_of(x, G::kernel_width, G::stride_width, G::pad_width, G::out_width);
  for (int row = rows.begin; row < rows.end; ++row)
    for (int column = columns.begin; column < columns.end; ++column)
      visit((plane * G::out_height + row) * G::out_width + column, row, column);
}

// The first maximum of a window: a NaN is one.
template <class T>
struct Maximum {
  int element = -1;
  T value = 0;

  TYPEGRAD_DEVICE void meet(int candidate, T x) {
    if (element >= 0 && !(x > value || (x != x && value == value))) return;
    element = candidate, value = x;
  }
};
template <class G, class X>
TYPEGRAD_DEVICE auto first_maximum(const X& x, int stride, int sample, int plane, int row,
                                   int column) {
  Maximum<Computed<X>> best;
  each_seen<G>(plane, row, column,
               [&](int element) { best.meet(element, x[element * stride + sample]); });
  return best;
}

template <class G>
inline constexpr int pool_inputs = G::channels* G::height* G::width;
template <class G>
inline constexpr int pool_outputs = G::channels* G::out_height* G::out_width;

}  // namespace detail

template <class G>
struct MaxPool {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(detail::pool_outputs<G> * stride, threads);
  }
  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, detail::pool_outputs<G>, stride, [&](int element, int sample) {
      const int plane = element / (G::out_height * G::out_width);
      const int row = element / G::out_width % G::out_height, column = element % G::out_width;
      epilogue(c, element, sample,
               detail::first_maximum<G>(x, stride, sample, plane, row, column).value);
    });
  }
};

// dx, of windows whose first maximum an element is: their dy.
template <class G>
struct MaxPoolGradient {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(detail::pool_inputs<G> * stride, threads);
  }
  template <class C, class X, class DY, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, const DY& dy, int stride,
                                  const Epilogue& epilogue) {
    for_each_number(c, detail::pool_inputs<G>, stride, [&](int element, int sample) {
      const int plane = element / (G::height * G::width);
      Computed<DY> sum = 0;
      detail::each_window_of<G>(
          plane, element / G::width % G::height, element % G::width,
          [&](int window, int row, int column) {
            const int best =
                detail::first_maximum<G>(x, stride, sample, plane, row, column).element;
            if (best == element) sum += dy[window * stride + sample];
          });
      epilogue(c, element, sample, sum);
    });
  }
};

// Padding counts as 0: the divisor is the whole window's area.
template <class G>
struct AveragePool {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(detail::pool_outputs<G> * stride, threads);
  }
  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, detail::pool_outputs<G>, stride, [&](int element, int sample) {
      Computed<X> sum = 0;
      detail::each_seen<G>(element / (G::out_height * G::out_width),
                           element / G::out_width % G::out_height, element % G::out_width,
                           [&](int from) { sum += x[from * stride + sample]; });
      epilogue(c, element, sample, sum / (G::kernel_height * G::kernel_width));
    });
  }
};

template <class G>
struct AveragePoolGradient {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(detail::pool_inputs<G> * stride, threads);
  }
  template <class C, class DY, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const DY& dy, int stride, const Epilogue& epilogue) {
    for_each_number(c, detail::pool_inputs<G>, stride, [&](int element, int sample) {
      Computed<DY> sum = 0;
      detail::each_window_of<G>(element / (G::height * G::width), element / G::width % G::height,
                                element % G::width,
                                [&](int window, int, int) { sum += dy[window * stride + sample]; });
      epilogue(c, element, sample, sum / (G::kernel_height * G::kernel_width));
    });
  }
};

}  // namespace tg::cuda
