// What labels choose, and axes in another order: a thread for each number.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// y = x[label]. epilogue(c, 0, sample, value).
template <int Classes>
struct Pick {
  static constexpr int threads = 64;
  static constexpr int tiles(int stride) { return tiles_of(stride, threads); }

  template <class C, class X, class Label, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, const Label& label, int stride,
                                  const Epilogue& epilogue) {
    for_each_number(c, 1, stride, [&](int, int sample) {
      const int chosen = int(Computed<Label>(label[sample]));
      epilogue(c, 0, sample, Computed<X>(x[chosen * stride + sample]));
    });
  }
};

// y[k] is 1 where k is the label, else 0. epilogue(c, element, sample, value).
template <int Classes>
struct OneHot {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) { return tiles_of(Classes * stride, threads); }

  template <class C, class Label, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const Label& label, int stride,
                                  const Epilogue& epilogue) {
    using T = Computed<Label>;
    for_each_number(c, Classes, stride, [&](int element, int sample) {
      epilogue(c, element, sample, T(label[sample]) == T(element) ? T(1) : T(0));
    });
  }
};

// The axes of the result, passes::Axis, from the first to the last. epilogue(c, element, sample,
// value).
template <class... Axes>
struct Permute {
  static constexpr int threads = 256, elements = (Axes::extent * ... * 1);
  static constexpr int tiles(int stride) { return tiles_of(elements * stride, threads); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, elements, stride, [&](int element, int sample) {
      int from = 0, behind = elements;  // elements of the axes that are left
      ((behind /= Axes::extent, from += element / behind % Axes::extent * Axes::step), ...);
      epilogue(c, element, sample, Computed<X>(x[from * stride + sample]));
    });
  }
};

// dw[row][k] = sum of rows[i][k] over samples s < count and the Indices of each that are `row`: a
// warp each. Each lane adds its samples in order, and the lanes' sums meet in a tree.
// epilogue(c, element, value) gets each element.
template <int Rows, int Width, int Indices>
struct ScatterSum {
  static constexpr int threads = 128, warps = threads / 32;
  static constexpr int tiles() { return tiles_of(Rows * Width, warps); }

  template <class C, class Index, class Values, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const Index& index, const Values& rows, int stride,
                                  int count, const Epilogue& epilogue) {
    for_each_of_warps(c, Rows * Width, [&](int element) {
      const int row = element / Width, k = element % Width;
      Computed<Values> sum = 0;
      for (int i = 0; i < Indices; ++i)
        for (int s = c.lane(); s < count; s += 32)
          if (int(Computed<Index>(index[i * stride + s])) == row)
            sum += rows[(i * Width + k) * stride + s];
      sum = sum_of_lanes(c, sum);
      if (c.lane() == 0) epilogue(c, element, sum);
    });
  }
};

}  // namespace tg::cuda
