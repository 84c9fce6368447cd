// Plain loops over a convolution's terms, and a grid of geometries.
// SPDX-License-Identifier: MIT
#pragma once
#include "kernels.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::test {

// Calls term(output element, weight element, input element) for every product of the convolution.
template <class G, class Term>
void for_each_term(Term term) {
  for (int o = 0; o < G::outputs; ++o)
    for (int c = 0; c < G::group_channels; ++c)
      for (int i = 0; i < G::output_height; ++i)
        for (int j = 0; j < G::output_width; ++j)
          for (int u = 0; u < G::kernel_height; ++u)
            for (int v = 0; v < G::kernel_width; ++v) {
              const int row = i * G::stride_height - G::padding_height + u * G::dilation_height;
              const int column = j * G::stride_width - G::padding_width + v * G::dilation_width;
              if (row < 0 || row >= G::height || column < 0 || column >= G::width) continue;
              const int channel = o / G::group_outputs * G::group_channels + c;
              term((o * G::output_height + i) * G::output_width + j,
                   ((o * G::group_channels + c) * G::kernel_height + u) * G::kernel_width + v,
                   (channel * G::height + row) * G::width + column);
            }
}

template <class G>
inline constexpr int input_size = G::channels* G::height* G::width;
template <class G>
inline constexpr int output_size = G::outputs* G::output_height* G::output_width;
template <class G>
inline constexpr int weight_size = G::outputs* G::group_channels* G::kernel_size;

// Check<T, V, Geometry>::run() over the grid. Each geometry is compiled once a kernel, so each asks
// several questions.
template <template <class, int, class> class Check>
void over_geometries() {
  // clang-format off
  //                            C   H   W  O  KH KW SH SW PH PW DH DW G
  Check<float, 1, Convolution<  1, 12, 13, 6, 5, 5, 1, 1, 2, 2>>::run();           // LeNet's first, odd
  Check<float, 1, Convolution<  3,  7,  7, 5, 3, 3>>::run();                       // no padding
  Check<float, 2, Convolution<  3,  8, 11, 4, 3, 2, 2, 3, 1, 1>>::run();           // rectangular, strides
  Check<float, 2, Convolution<  2,  9,  8, 3, 2, 3, 1, 1, 2, 4, 2, 2>>::run();     // dilation, wide padding
  Check<float, 3, Convolution<  6,  5,  5, 9, 3, 3, 1, 1, 1, 1, 1, 1, 3>>::run();  // groups
  Check<float, 1, Convolution<  4,  6,  6, 4, 3, 3, 2, 2, 1, 1, 1, 1, 4>>::run();  // depthwise, stride 2
  Check<float, 1, Convolution< 13,  3,  4, 7, 1, 1>>::run();                       // one by one
  Check<float, 1, Convolution<  2,  6,  7, 3, 1, 1, 3, 2, 1, 0>>::run();           // positions without a tap
  Check<float, 1, Convolution<  2,  3, 25, 2, 2, 11, 1, 1, 0, 5>>::run();          // a kernel too wide to unroll
  Check<float, 1, Convolution<  1,  4, 15, 2, 3, 3, 1, 1, 0, 7, 1, 7>>::run();     // mostly border
  Check<float, 1, Convolution<  3,  4,  4, 26, 4, 4>>::run();                      // one position
  Check<double, 1, Convolution< 2, 10,  9, 6, 3, 5, 2, 3, 2, 1, 3, 2, 2>>::run();  // all at once
  Check<double, 2, Convolution< 3,  6,  6, 8, 5, 5, 1, 1, 2, 2>>::run();
  // clang-format on
}

}  // namespace tg::test
