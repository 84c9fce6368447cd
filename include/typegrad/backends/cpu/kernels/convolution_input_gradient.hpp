// The gradient of a 2-D convolution with respect to its input, in the lanes layout.
// SPDX-License-Identifier: MIT
#pragma once
#include <numeric>

#include "typegrad/backends/cpu/kernels/correlation.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// A correlation of dy with the kernel turned round. With a stride, an input position meets only
// those taps whose distance the stride divides: every stride-th position has the same taps.
template <class G>
struct InputGradientPlan {
  static constexpr int groups = G::groups, outer = G::group_channels, inner = G::group_outputs;
  static constexpr int kernel_height = G::kernel_height, kernel_width = G::kernel_width;
  static constexpr int outer_step = G::kernel_size, inner_step = outer * G::kernel_size;
  static constexpr int group_step = inner * inner_step;
  static constexpr int source_height = G::output_height;
  static constexpr int destination_height = G::height, destination_width = G::width;
  static constexpr int row_common = std::gcd(G::stride_height, G::dilation_height);
  static constexpr int row_weight_step = G::stride_height / row_common;
  static constexpr int row_source_step = -(G::dilation_height / row_common);

  static constexpr RowTaps row_taps(int row) {
    RowTaps taps{0, 0, 0};
    for (int u = 0; u < kernel_height; ++u) {
      const int distance = row + G::padding_height - u * G::dilation_height;
      if (distance < 0 || distance % G::stride_height ||
          distance / G::stride_height >= source_height)
        continue;
      if (taps.count++ == 0) taps.weight = u, taps.source = distance / G::stride_height;
    }
    return taps;
  }

  static constexpr int column_common = std::gcd(G::stride_width, G::dilation_width);
  static constexpr int tap_step = G::stride_width / column_common;
  // The first kernel column that positions residue, residue + stride, … meet; kernel_width if none.
  static constexpr int first_tap(int residue) {
    int v = 0;
    while (v < kernel_width &&
           (residue + G::padding_width - v * G::dilation_width) % G::stride_width)
      ++v;
    return v;
  }
  template <int Residue, int Tap = first_tap(Residue)>
  using Columns =
      Line<(G::width - Residue + G::stride_width - 1) / G::stride_width, Residue, G::stride_width,
           (kernel_width - Tap + tap_step - 1) / tap_step, Tap, tap_step,
           (Residue + G::padding_width - Tap * G::dilation_width) / G::stride_width, 1,
           -(G::dilation_width / column_common), G::output_width>;
};

// dx[c, h, w] = sum over o, u, v of w[o, c, u, v] dy[o, i, j] with i SH - PH + u DH = h, j SW - PW
// + v DW = w, in every lane; epilogue(c, h * W + w, vector, dx) stores it. dy: (O, output_height,
// output_width) [V * width].
template <class T, int V, class G, class Y, class W, class Epilogue>
TYPEGRAD_KERNEL void convolution_input_gradient(const Y* __restrict dy, const W* __restrict w,
                                                const Epilogue& epilogue) {
  using Plan = InputGradientPlan<G>;
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  [&]<int... Residue>(std::integer_sequence<int, Residue...>) TYPEGRAD_INLINE_LAMBDA {
    (correlate_columns<T, V, Plan, typename Plan::template Columns<Residue>>(w, dy, stores), ...);
  }
  (std::make_integer_sequence<int, (G::stride_width < G::width ? G::stride_width : G::width)>{});
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
