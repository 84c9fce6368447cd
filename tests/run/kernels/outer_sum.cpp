// outer_sum: partial columns and tiles, chunks of samples, row ranges, rows in the user's memory.
// SPDX-License-Identifier: MIT
#include "typegrad/backends/cpu/kernels/outer_sum.hpp"

#include "kernels.hpp"

namespace {
using namespace tg::test;

// Samples from `count` on are NaN; x ends with the last sample's last column (the address sanitizer
// sees more).
template <class T, int V, int Rows, int Columns>
void check(int count, int stride) {
  CAPTURE(sizeof(T), V, Rows, Columns, count, stride);
  constexpr int lanes = V * width<T>;
  const int tiles = (count + lanes - 1) / lanes, tile_stride = Rows * lanes + 2 * lanes;
  Buffer<T> dy(tiles * tile_stride, 1), x(stride * (count - 1) + Columns, 2);
  const T nan = std::numeric_limits<T>::quiet_NaN();
  for (int s = count; s < tiles * lanes; ++s)
    for (int n = 0; n < Rows; ++n) dy[s / lanes * tile_stride + n * lanes + s % lanes] = nan;
  for (int i = 0; i < x.size(); ++i)
    if (i % stride >= Columns) x[i] = nan;

  std::vector<double> expected(std::size_t(Rows * Columns));
  for (int s = 0; s < count; ++s)
    for (int n = 0; n < Rows; ++n)
      for (int k = 0; k < Columns; ++k)
        expected[std::size_t(n * Columns + k)] +=
            double(dy[s / lanes * tile_stride + n * lanes + s % lanes]) * double(x[s * stride + k]);

  Buffer<T> whole(Rows * Columns), parts(Rows * Columns);
  const auto run = [&](Buffer<T>& gw, int begin, int end, bool accumulate) {
    outer_sum<T, V, Rows, Columns>(gw.data(), dy.data(), tile_stride, x.data(), stride, count,
                                   begin, end, accumulate);
  };
  run(whole, 0, Rows, false);
  CHECK(largest_error(whole, expected, count) <= 1);

  constexpr int block = outer_sum_row_block<T, Rows, Columns>;
  for (int row = 0; row < Rows; row += block) run(parts, row, std::min(row + block, Rows), false);
  CHECK(std::equal(whole.begin(), whole.end(), parts.begin()));

  run(whole, 0, Rows, true);
  for (double& value : expected) value *= 2;
  CHECK(largest_error(whole, expected, count) <= 2);
}

TEST_CASE("outer_sum equals a plain loop, whatever the rows' split") {
  for (int count : {1, 7, 64, 65, 200}) {
    check<float, 1, 10, 84>(count, 84);
    check<float, 2, 33, 50>(count, 64);
    check<float, 3, 1, 1>(count, 1);
    check<float, 3, 13, 128>(count, 131);
    check<double, 2, 7, 19>(count, 19);
  }
}

}  // namespace
