// Convolutions, pools, products of matrices as types: their extents and what follows from them.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg::passes {

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

// Windows of KH x KW, SH and SW apart, over C planes of H x W that PH and PW border on every side;
// extents are PyTorch's (floor division). A border counts as -inf for the maximum and as 0 for the
// average, which divides by the whole window.
template <int C, int H, int W, int KH, int KW, int SH, int SW, int PH, int PW>
struct Pooling {
  static constexpr int channels = C, height = H, width = W;
  static constexpr int kernel_height = KH, kernel_width = KW, stride_height = SH, stride_width = SW;
  static constexpr int pad_height = PH, pad_width = PW;
  static constexpr int out_height = (H + 2 * PH - KH) / SH + 1;
  static constexpr int out_width = (W + 2 * PW - KW) / SW + 1;
  static constexpr int positions = out_height * out_width;
  static constexpr bool padded = PH > 0 || PW > 0;
  static constexpr bool overlaps = SH < KH || SW < KW;
  static_assert(KH <= H + 2 * PH && KW <= W + 2 * PW, "the window must fit into its padded input");
  static_assert(PH < KH && PW < KW, "every window must see some of its input");

  // The part of a window that lies in the input: offsets first … last-1 from the window's start.
  static constexpr int first(int start) { return padded && start < 0 ? -start : 0; }
  static constexpr int last(int start, int kernel, int extent) {
    return padded && start + kernel > extent ? extent - start : kernel;
  }
};

// An axis of the result, and how far apart its elements lie in what is
// transposed.
template <int Extent, int Step>
struct Axis {
  static constexpr int extent = Extent, step = Step;
};

}  // namespace tg::passes
