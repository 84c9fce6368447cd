// Maximum and average pooling, a lane per sample, and their gradients.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>

#include "typegrad/backends/cpu/kernels/fold.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {

using passes::Pooling;

inline namespace TYPEGRAD_ARCHITECTURE {

namespace detail {

// Calls visit(element of the plane, kernel row, kernel column) for the window's elements that
// exist, in row-major order.
template <class G, class Visit>
TYPEGRAD_INLINE void for_window(int out_row, int out_column, Visit visit) {
  const int top = out_row * G::stride_height - G::pad_height;
  const int left = out_column * G::stride_width - G::pad_width;
  if constexpr (!G::padded && G::kernel_height * G::kernel_width <= 16) {
    TYPEGRAD_UNROLL
    for (int i = 0; i < G::kernel_height; ++i) TYPEGRAD_UNROLL
    for (int j = 0; j < G::kernel_width; ++j) visit((top + i) * G::width + left + j, i, j);
  } else {
    const int last_row = G::last(top, G::kernel_height, G::height);
    const int last_column = G::last(left, G::kernel_width, G::width);
    for (int i = G::first(top); i < last_row; ++i)
      for (int j = G::first(left); j < last_column; ++j)
        visit((top + i) * G::width + left + j, i, j);
  }
}

}  // namespace detail

// x: (channels, height, width)[V*W]. epilogue(channel, position, vector, maximum of the window).
// Post: a NaN in a window is its maximum.
template <class T, int V, class G, class X, class Epilogue>
TYPEGRAD_KERNEL void max_pool(const X* x, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W, plane = G::height * G::width;
  for (int channel = 0; channel < G::channels; ++channel)
    for (int row = 0; row < G::out_height; ++row)
      for (int column = 0; column < G::out_width; ++column) TYPEGRAD_UNROLL
  for (int vector = 0; vector < V; ++vector) {
    fold::Maximum<T> maximum;
    detail::for_window<G>(row, column, [&](int at, int, int) TYPEGRAD_INLINE_LAMBDA {
      maximum.see(load(x + (channel * plane + at) * step + vector * W));
    });
    epilogue(channel, row * G::out_width + column, vector, maximum.result());
  }
}

namespace detail {

// The gradient of a pooling: every input element's sum of what its windows give it, in row-major
// order of the windows. window(row, column, index of the window's output, channel, vector, add)
// calls add(plane element, kernel row, kernel column, share) for each element of the window.
template <class T, int V, class G, class Window, class Epilogue>
TYPEGRAD_INLINE void add_windows(Window window, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W;
  const auto for_vectors_of_row = [&](int channel, int row, auto body) TYPEGRAD_INLINE_LAMBDA {
    for (int column = 0; column < G::out_width; ++column) TYPEGRAD_UNROLL
    for (int vector = 0; vector < V; ++vector)
      body(column, (channel * G::out_height + row) * G::out_width + column, vector);
  };
  if constexpr (!G::overlaps && !G::padded) {  // one window at most: nothing to add
    for (int channel = 0; channel < G::channels; ++channel) {
      for (int row = 0; row < G::out_height; ++row)
        for_vectors_of_row(
            channel, row, [&](int column, int out, int vector) TYPEGRAD_INLINE_LAMBDA {
              window(row, column, out, channel, vector,
                     [&](int at, int, int, Vector<T> share)
                         TYPEGRAD_INLINE_LAMBDA { epilogue(channel, at, vector, share); });
            });
      // What lies between and behind the windows.
      const auto in_window = [](int at, int stride, int kernel, int out) {
        return at % stride < kernel && at / stride < out;
      };
      for (int row = 0; row < G::height; ++row) {
        const bool row_in = in_window(row, G::stride_height, G::kernel_height, G::out_height);
        for (int column = 0; column < G::width; ++column)
          if (!row_in || !in_window(column, G::stride_width, G::kernel_width, G::out_width))
            for (int vector = 0; vector < V; ++vector)
              epilogue(channel, row * G::width + column, vector, Vector<T>{});
      }
    }
  } else {
    // Input rows that windows still add to, in a ring as high as the window.
    alignas(64) T ring[G::kernel_height * G::width * step];
    const auto sum_at = [&](int row, int column, int vector) TYPEGRAD_INLINE_LAMBDA {
      return ring + (row % G::kernel_height * G::width + column) * step + vector * W;
    };
    for (int channel = 0; channel < G::channels; ++channel) {
      int begun = 0, finished = 0;  // input rows
      const auto finish = [&](int end) TYPEGRAD_INLINE_LAMBDA {
        for (; finished < end; ++finished)
          for (int column = 0; column < G::width; ++column)
            for (int vector = 0; vector < V; ++vector)
              epilogue(channel, finished * G::width + column, vector,
                       finished < begun ? load(sum_at(finished, column, vector)) : Vector<T>{});
      };
      for (int row = 0; row < G::out_height; ++row) {
        const int top = row * G::stride_height - G::pad_height;
        finish(top);
        begun = std::max(begun, finished);
        for (const int end = std::min(top + G::kernel_height, G::height); begun < end; ++begun)
          for (int i = 0; i < G::width * step; i += W) store(sum_at(begun, 0, 0) + i, Vector<T>{});
        for_vectors_of_row(channel, row,
                           [&](int column, int out, int vector) TYPEGRAD_INLINE_LAMBDA {
                             const int left = column * G::stride_width - G::pad_width;
                             window(row, column, out, channel, vector,
                                    [&](int, int i, int j, Vector<T> share) TYPEGRAD_INLINE_LAMBDA {
                                      T* sum = sum_at(top + i, left + j, vector);
                                      store(sum, load(sum) + share);
                                    });
                           });
      }
      finish(G::height);
    }
  }
}

}  // namespace detail

// x: (channels, height, width)[V*W]; dy: (channels, out_height, out_width)[V*W]. epilogue(channel,
// element of the plane, vector, dx). A window's gradient goes to its first element that is not
// below its maximum: the first of equals (where the maximum is NaN the first element, so the
// gradient's NaN is not lost). The maximum is found again: cheaper than keeping it in memory.
template <class T, int V, class G, class X, class Y, class Epilogue>
TYPEGRAD_KERNEL void max_pool_gradient(const X* x, const Y* dy, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W, plane = G::height * G::width;
  detail::add_windows<T, V, G>(
      [&](int row, int column, int out, int channel, int vector, auto add) TYPEGRAD_INLINE_LAMBDA {
        const auto at_plane = [&](int at) TYPEGRAD_INLINE_LAMBDA {
          return load(x + (channel * plane + at) * step + vector * W);
        };
        fold::Maximum<T> maximum;
        detail::for_window<G>(row, column, [&](int at, int, int) TYPEGRAD_INLINE_LAMBDA {
          maximum.see(at_plane(at));
        });
        const Vector<T> largest = maximum.result();
        const Vector<T> gradient = load(dy + out * step + vector * W);
        Mask<T> open = ~Mask<T>{};
        detail::for_window<G>(row, column, [&](int at, int i, int j) TYPEGRAD_INLINE_LAMBDA {
          const Mask<T> below = at_plane(at) < largest;
          add(at, i, j, select<T>(open & ~below, gradient, Vector<T>{}));
          open &= below;
        });
      },
      epilogue);
}

// x: (channels, height, width)[V*W]. epilogue(channel, position, vector, mean of the window, border
// included).
template <class T, int V, class G, class X, class Epilogue>
TYPEGRAD_KERNEL void average_pool(const X* x, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W, plane = G::height * G::width;
  const Vector<T> share = splat(T(1) / T(G::kernel_height * G::kernel_width));
  for (int channel = 0; channel < G::channels; ++channel)
    for (int row = 0; row < G::out_height; ++row)
      for (int column = 0; column < G::out_width; ++column) TYPEGRAD_UNROLL
  for (int vector = 0; vector < V; ++vector) {
    Vector<T> sum{}, row_sum{};  // a chain per row, or a large window waits for each addition
    detail::for_window<G>(row, column, [&](int at, int, int j) TYPEGRAD_INLINE_LAMBDA {
      const Vector<T> element = load(x + (channel * plane + at) * step + vector * W);
      if (j == 0) sum += row_sum;
      row_sum = j == 0 ? element : row_sum + element;
    });
    epilogue(channel, row * G::out_width + column, vector, (sum + row_sum) * share);
  }
}

// dy: (channels, out_height, out_width)[V*W]. epilogue(channel, element of the plane, vector, dx).
template <class T, int V, class G, class Y, class Epilogue>
TYPEGRAD_KERNEL void average_pool_gradient(const Y* dy, const Epilogue& epilogue) {
  constexpr int W = width<T>, step = V * W;
  const Vector<T> share = splat(T(1) / T(G::kernel_height * G::kernel_width));
  detail::add_windows<T, V, G>(
      [&](int row, int column, int out, int, int vector, auto add) TYPEGRAD_INLINE_LAMBDA {
        const Vector<T> gradient = load(dy + out * step + vector * W) * share;
        detail::for_window<G>(row, column, [&](int at, int i, int j) TYPEGRAD_INLINE_LAMBDA {
          add(at, i, j, gradient);
        });
      },
      epilogue);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
