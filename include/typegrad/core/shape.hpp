// The extents of a tensor, without the samples: Shape{1, 28, 28}; Shape{} is a number.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <initializer_list>

namespace tg {

class Shape {
 public:
  static constexpr int max_rank = 5;

  constexpr Shape() = default;
  constexpr Shape(std::initializer_list<int> extents) {
    for (int extent : extents) append(extent);
  }

  constexpr int rank() const { return axes; }
  constexpr int operator[](int axis) const { return extent[axis]; }
  constexpr void set(int axis, int value) { extent[axis] = value; }
  // An extent past max_rank is counted but not kept: the rank tells, and recording reports it.
  constexpr void append(int value) {
    if (axes < max_rank) extent[axes] = value;
    ++axes;
  }

  // Elements of one sample.
  constexpr int size() const { return product(0, axes); }
  // The product of the extents of axes [first, last).
  constexpr int product(int first, int last) const {
    int result = 1;
    for (int axis = first; axis < last; ++axis) result *= extent[axis];
    return result;
  }
  constexpr bool positive() const {
    for (int axis = 0; axis < axes && axis < max_rank; ++axis)
      if (extent[axis] <= 0) return false;
    return true;
  }

  constexpr bool operator==(const Shape& other) const {
    if (axes != other.axes) return false;
    for (int axis = 0; axis < axes && axis < max_rank; ++axis)
      if (extent[axis] != other.extent[axis]) return false;
    return true;
  }

 private:
  std::int32_t axes = 0;
  std::int32_t extent[max_rank]{};
};

}  // namespace tg
