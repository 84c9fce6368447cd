// Convolutions and products of matrices as types: their extents and what follows from them.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg::cpu {

// Input (C, H, W), weights (O, C / Groups, KH, KW), output (O, output_height, output_width).
template <int C, int H, int W, int O, int KH, int KW, int SH = 1, int SW = 1, int PH = 0,
          int PW = 0, int DH = 1, int DW = 1, int Groups = 1>
struct Convolution {
  static constexpr int channels = C, height = H, width = W, outputs = O;
  static constexpr int kernel_height = KH, kernel_width = KW;
  static constexpr int stride_height = SH, stride_width = SW;
  static constexpr int padding_height = PH, padding_width = PW;
  static constexpr int dilation_height = DH, dilation_width = DW;
  static constexpr int groups = Groups;
  static constexpr int output_height = (H + 2 * PH - DH * (KH - 1) - 1) / SH + 1;
  static constexpr int output_width = (W + 2 * PW - DW * (KW - 1) - 1) / SW + 1;
  static constexpr int group_channels = C / Groups, group_outputs = O / Groups;
  static constexpr int kernel_size = KH * KW;
  static constexpr long multiply_adds =
      long(O) * group_channels * kernel_size * output_height * output_width;  // borders included
  static_assert(C % Groups == 0 && O % Groups == 0);
  static_assert(H + 2 * PH >= DH * (KH - 1) + 1 && W + 2 * PW >= DW * (KW - 1) + 1);
};

// (Batches, Rows, Depth) x (Batches, Depth, Columns); a factor that is `swapped` lies with its last
// two axes the other way round.
template <int Batches, int Rows, int Columns, int Depth, bool SwappedLeft, bool SwappedRight>
struct MatrixProduct {
  static constexpr int batches = Batches, rows = Rows, columns = Columns, depth = Depth;
  static constexpr bool swapped_left = SwappedLeft, swapped_right = SwappedRight;
};

}  // namespace tg::cpu
