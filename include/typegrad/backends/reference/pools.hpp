// The reference's pools and their gradients.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/convolutions.hpp"
#include "typegrad/backends/reference/reductions.hpp"

namespace tg::reference {

// visit(y, x, rows, columns) for every window: y is its element of the result, x the input's at its
// corner, which may lie in the padding; the rows and columns are those that lie inside.
template <class Visit>
constexpr void for_each_window(const PoolWindow& window, const Shape& input, const Shape& output,
                               Visit visit) {
  for (int channel = 0, y = 0; channel < output[0]; ++channel)
    for (int i = 0; i < output[1]; ++i) {
      const int top = i * window.stride.height - window.padding.height;
      const Taps rows(top, window.kernel.height, 1, input[1]);
      for (int j = 0; j < output[2]; ++j, ++y) {
        const int left = j * window.stride.width - window.padding.width;
        visit(y, (channel * input[1] + top) * input[2] + left, rows,
              Taps(left, window.kernel.width, 1, input[2]));
      }
    }
}

// The element of x that is the window's first maximum, by rows; -1 when all of it is padding.
template <class T>
constexpr int first_maximum(View<const T> x, int corner, int width, Taps rows, Taps columns) {
  int best = -1;
  for (int row = rows.begin; row < rows.end; ++row)
    for (int column = columns.begin; column < columns.end; ++column) {
      const int i = corner + row * width + column;
      if (best < 0 || exceeds(x[i], x[best])) best = i;
    }
  return best;
}

// Padding counts as -infinity.
template <class T>
constexpr void max_pool(const Call<T>& call) {
  const Shape& x = call.shape(0);
  for_each_window(PoolWindow::of(call.node.attributes), x, call.node.shape,
                  [&](int y, int corner, Taps rows, Taps columns) {
                    const int best = first_maximum<T>(call.in[0], corner, x[2], rows, columns);
                    call.out[y] = best < 0 ? -std::numeric_limits<T>::infinity() : call.in[0][best];
                  });
}

// Of (x, dy): windows that overlap add.
template <class T>
constexpr void max_pool_gradient(const Call<T>& call) {
  const Shape& x = call.shape(0);
  call.fill(T(0));
  for_each_window(PoolWindow::of(call.node.attributes), x, call.shape(1),
                  [&](int y, int corner, Taps rows, Taps columns) {
                    const int best = first_maximum<T>(call.in[0], corner, x[2], rows, columns);
                    if (best >= 0) call.out[best] += call.in[1][y];
                  });
}

// Of (x, t): what max_pool becomes when x moves along t.
template <class T>
constexpr void max_pool_tangent(const Call<T>& call) {
  const Shape& x = call.shape(0);
  for_each_window(PoolWindow::of(call.node.attributes), x, call.node.shape,
                  [&](int y, int corner, Taps rows, Taps columns) {
                    const int best = first_maximum<T>(call.in[0], corner, x[2], rows, columns);
                    call.out[y] = best < 0 ? T(0) : call.in[1][best];
                  });
}

// Padding counts as 0: the divisor is the whole window's area.
template <class T>
constexpr void average_pool(const Call<T>& call) {
  const auto window = PoolWindow::of(call.node.attributes);
  const T area = T(window.kernel.height * window.kernel.width);
  for_each_window(window, call.shape(0), call.node.shape,
                  [&](int y, int corner, Taps rows, Taps columns) {
                    T total = T(0);
                    for (int row = rows.begin; row < rows.end; ++row)
                      for (int column = columns.begin; column < columns.end; ++column)
                        total += call.in[0][corner + row * call.shape(0)[2] + column];
                    call.out[y] = total / area;
                  });
}

// Of dy.
template <class T>
constexpr void average_pool_gradient(const Call<T>& call) {
  const auto window = PoolWindow::of(call.node.attributes);
  const T area = T(window.kernel.height * window.kernel.width);
  call.fill(T(0));
  for_each_window(window, call.node.shape, call.shape(0),
                  [&](int y, int corner, Taps rows, Taps columns) {
                    const T share = call.in[0][y] / area;
                    for (int row = rows.begin; row < rows.end; ++row)
                      for (int column = columns.begin; column < columns.end; ++column)
                        call.out[corner + row * call.node.shape[2] + column] += share;
                  });
}

}  // namespace tg::reference
