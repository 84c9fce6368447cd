// Softmax and its logarithm along an axis: a thread for each sample's vector.
// SPDX-License-Identifier: MIT
#pragma once
#include <cmath>

#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// x is (Outer, N, Inner): y = exp(x - max) / sum over N of exp(x - max), or its logarithm, x - max
// - log of that sum. epilogue(c, element, sample, value) gets each.
template <int Outer, int N, int Inner, bool Logarithm>
struct Softmax {
  static constexpr int threads = 128;
  static constexpr int tiles(int stride) { return tiles_of(Outer * Inner * stride, threads); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, Outer * Inner, stride, [&](int vector, int sample) {
      using T = Computed<X>;
      const int first = vector / Inner * N * Inner + vector % Inner;
      const auto at = [&](int i) -> T { return x[(first + i * Inner) * stride + sample]; };
      T largest = at(0), sum = 0;
      for (int i = 1; i < N; ++i) largest = at(i) > largest || at(i) != at(i) ? at(i) : largest;
      for (int i = 0; i < N; ++i) sum += std::exp(at(i) - largest);
      const T scale = Logarithm ? std::log(sum) : 1 / sum;
      for (int i = 0; i < N; ++i) {
        const T from = at(i) - largest;
        epilogue(c, first + i * Inner, sample, Logarithm ? from - scale : std::exp(from) * scale);
      }
    });
  }
};

}  // namespace tg::cuda
