// A pen with a round tip on a grid of pixels: polylines in, grey levels out.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace tg::data {

struct Point {
  double x, y;
};

// Pixel (row, column) covers the unit square around y = row, x = column.
class Pen {
 public:
  Pen(int height, int width)
      : rows(height), columns(width), depth(std::size_t(height) * std::size_t(width)) {}

  void clear() { std::fill(depth.begin(), depth.end(), -1e9); }

  // A line whose tip grows or shrinks from radius `begin` to `end`. `softness` as in `ink`.
  [[gnu::noinline]] void line(Point a, Point b, double begin, double end, double softness) {
    const double dx = b.x - a.x, dy = b.y - a.y;
    const double squared = dx * dx + dy * dy;
    const double inverse = squared > 1e-12 ? 1 / squared : 0;
    const double reach = std::max(begin, end) + softness / 2;
    const int top = std::max(0, int(std::ceil(std::min(a.y, b.y) - reach)));
    const int bottom = std::min(rows - 1, int(std::floor(std::max(a.y, b.y) + reach)));
    const int left = std::max(0, int(std::ceil(std::min(a.x, b.x) - reach)));
    const int right = std::min(columns - 1, int(std::floor(std::max(a.x, b.x) + reach)));
    for (int row = top; row <= bottom; ++row) {
      double* const field = depth.data() + std::size_t(row) * std::size_t(columns);
      const double y = row - a.y;
      for (int column = left; column <= right; ++column) {
        const double x = column - a.x;
        const double along = std::clamp((x * dx + y * dy) * inverse, 0.0, 1.0);
        const double off_x = x - along * dx, off_y = y - along * dy;
        const double inside =
            begin + along * (end - begin) - std::sqrt(off_x * off_x + off_y * off_y);
        field[column] = std::max(field[column], inside);
      }
    }
  }

  // How dark pixel i is, in [0, 1]: the edge of a line fades over `softness` pixels. Pre: softness
  // > 0.
  double ink(std::size_t i, double softness) const {
    const double level = std::clamp(depth[i] / softness + 0.5, 0.0, 1.0);
    return level * level * (3 - 2 * level);
  }

 private:
  int rows, columns;
  std::vector<double> depth;  // (rows, columns): how far inside the ink, negative outside
};

}  // namespace tg::data
