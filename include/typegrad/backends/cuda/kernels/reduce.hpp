// Sums, maxima and their places along axes of one sample's values: a thread for each result.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/graph/op.hpp"

namespace tg::cuda {

// x is (Outer, Reduced, Inner); Which is sum, max or argmax over the middle. A NaN is a maximum,
// and the first of equals is taken. epilogue(c, element, sample, value) gets each result.
template <Op Which, int Outer, int Reduced, int Inner>
struct Reduce {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) { return tiles_of(Outer * Inner * stride, threads); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    using T = Computed<X>;
    for_each_number(c, Outer * Inner, stride, [&](int element, int sample) {
      const int first = element / Inner * Reduced * Inner + element % Inner;
      T result = x[first * stride + sample];
      int best = 0;
      for (int i = 1; i < Reduced; ++i) {
        const T next = x[(first + i * Inner) * stride + sample];
        if constexpr (Which == Op::sum)
          result += next;
        else if (next > result || (next != next && result == result))
          result = next, best = i;
      }
      epilogue(c, element, sample, Which == Op::argmax ? T(best) : result);
    });
  }
};

// sum[o] = sum over s < count and i < Reduced of x[o][i][s]: a block each. Each thread adds every
// so manieth four numbers in order, 8 of them under way at a time, and their sums meet in a tree:
// the same bits for any number of blocks. epilogue(c, element, value) gets each element.
template <int Outer, int Reduced>
struct ReduceSum {
  static constexpr int threads = 256, warps = threads / 32;
  static constexpr int tiles() { return Outer; }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, int count,
                                  const Epilogue& epilogue) {
    using T = Computed<X>;
    const auto of_warp = c.template shared<T, warps>();
    for_each_tile(c, tiles(), [&](int element) {
      const T sum = sum_of_lanes(c, sum_of_thread<T>(c, x, element, stride, count));
      if (c.lane() == 0) of_warp[c.warp()] = sum;
      c.barrier();
      if (c.thread() == 0) {
        T total = of_warp[0];
        for (int w = 1; w < warps; ++w) total += of_warp[w];
        epilogue(c, element, total);
      }
      c.barrier();  // the next element overwrites these
    });
  }

 private:
  template <class T, class C, class X>
  TYPEGRAD_DEVICE static T sum_of_thread(const C& c, const X& x, int element, int stride,
                                         int count) {
    constexpr int batch = 8;
    const int fours = stride / 4 * Reduced, step = c.threads();
    T sum = 0;
    for (int first = 0; first < fours; first += batch * step) {
      const auto four = [&](int i) { return first + i * step + c.thread(); };
      Quad<T> numbers[batch] = {};
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < batch; ++i) if (four(i) < fours) numbers[i] =
          numbers_at<4>(x, element * Reduced * stride + four(i) * 4);
      c.wait_once();
      TYPEGRAD_DEVICE_UNROLL for (int i = 0; i < batch; ++i) {
        const int sample = four(i) * 4 % stride;
        TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < 4; ++k) if (sample + k < count) sum +=
            numbers[i].x[k];
      }
    }
    return sum;
  }
};

}  // namespace tg::cuda
