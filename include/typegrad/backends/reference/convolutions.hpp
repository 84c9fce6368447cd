// The reference's convolution and its two gradients: one sum over x * w * y, read three ways.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"
#include "typegrad/graph/window.hpp"

namespace tg::reference {

// Which of `taps` elements of a window lie inside: those t with 0 <= first + t * dilation < extent.
struct Taps {
  int begin, end;

  constexpr Taps(int first, int taps, int dilation, int extent)
      : begin(first < 0 ? (-first + dilation - 1) / dilation : 0),
        end(extent <= first ? 0 : (extent - first + dilation - 1) / dilation) {
    if (end > taps) end = taps;
  }
};

// Every product x * w that is part of a y, in runs along the kernel's width: run(x, w, y, n) stands
// for n products of elements x + k * dilation.width and w + k, which belong to element y.
template <class Run>
constexpr void slide(const ConvolutionWindow& window, const Shape& x, const Shape& w,
                     const Shape& y, Run run) {
  const int channels = w[1], outputs_per_group = w[0] / window.groups;
  for (int output = 0, to = 0; output < y[0]; ++output) {
    const int first_channel = output / outputs_per_group * channels;
    for (int i = 0; i < y[1]; ++i) {
      const int top = i * window.stride.height - window.padding.height;
      const Taps rows(top, w[2], window.dilation.height, x[1]);
      for (int j = 0; j < y[2]; ++j, ++to) {
        const int left = j * window.stride.width - window.padding.width;
        const Taps columns(left, w[3], window.dilation.width, x[2]);
        if (columns.begin >= columns.end) continue;
        for (int channel = 0; channel < channels; ++channel)
          for (int row = rows.begin; row < rows.end; ++row)
            run(((first_channel + channel) * x[1] + top + row * window.dilation.height) * x[2] +
                    left + columns.begin * window.dilation.width,
                ((output * channels + channel) * w[2] + row) * w[3] + columns.begin, to,
                columns.end - columns.begin);
      }
    }
  }
}

// y = sum x w
template <class T>
constexpr void convolution(const Call<T>& call) {
  const auto window = ConvolutionWindow::of(call.node.attributes);
  const View<const T> a = call.in[0], b = call.in[1];
  const View<T> out = call.out;
  call.fill(T(0));
  slide(window, call.shape(0), call.shape(1), call.node.shape, [&](int x, int w, int y, int n) {
    out[y] = dot(a.from(x, window.dilation.width), b.from(w), n, out[y]);
  });
}

// Of (dy, w): dx = sum dy w
template <class T>
constexpr void convolution_input_gradient(const Call<T>& call) {
  const auto window = ConvolutionWindow::of(call.node.attributes);
  const View<const T> a = call.in[0], b = call.in[1];
  const View<T> out = call.out;
  call.fill(T(0));
  slide(window, call.node.shape, call.shape(1), call.shape(0), [&](int x, int w, int y, int n) {
    add_scaled(a[y], b.from(w), out.from(x, window.dilation.width), n);
  });
}

// Of (x, dy): dw = sum x dy
template <class T>
constexpr void convolution_weight_gradient(const Call<T>& call) {
  const auto window = ConvolutionWindow::of(call.node.attributes);
  const View<const T> a = call.in[0], b = call.in[1];
  const View<T> out = call.out;
  call.fill(T(0));
  slide(window, call.shape(0), call.node.shape, call.shape(1), [&](int x, int w, int y, int n) {
    add_scaled(b[y], a.from(x, window.dilation.width), out.from(w), n);
  });
}

}  // namespace tg::reference
