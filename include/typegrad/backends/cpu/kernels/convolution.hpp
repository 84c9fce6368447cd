// 2-D convolution of a plane per sample with shared weights, in the lanes layout.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/kernels/correlation.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

template <class G>
struct ForwardPlan {
  static constexpr int groups = G::groups, outer = G::group_outputs, inner = G::group_channels;
  static constexpr int kernel_height = G::kernel_height, kernel_width = G::kernel_width;
  static constexpr int outer_step = inner * G::kernel_size, inner_step = G::kernel_size;
  static constexpr int group_step = outer * outer_step;
  static constexpr int source_height = G::height;
  static constexpr int destination_height = G::output_height, destination_width = G::output_width;
  static constexpr int row_weight_step = 1, row_source_step = G::dilation_height;

  static constexpr RowTaps row_taps(int row) {
    const int top = row * G::stride_height - G::padding_height;
    int first = 0, last = kernel_height;
    while (first < last && top + first * row_source_step < 0) ++first;
    while (last > first && top + (last - 1) * row_source_step >= G::height) --last;
    return {last - first, first, top + first * row_source_step};
  }
};

// y[o, i, j] = sum over c, u, v of w[o, c, u, v] x[c, i SH - PH + u DH, j SW - PW + v DW] in every
// lane, c within o's group; epilogue(o, i * output_width + j, vector, y) stores it. x: (C, H, W) [V
// * width]; w: (O, C / groups, KH, KW).
template <class T, int V, class G, class X, class W, class Epilogue>
TYPEGRAD_KERNEL void convolution(const X* __restrict x, const W* __restrict w,
                                 const Epilogue& epilogue) {
  using Columns = Line<G::output_width, 0, 1, G::kernel_width, 0, 1, -G::padding_width,
                       G::stride_width, G::dilation_width, G::width>;
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  correlate_columns<T, V, ForwardPlan<G>, Columns>(w, x, stores);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
