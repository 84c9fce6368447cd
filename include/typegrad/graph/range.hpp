// Which part of a tensor, along one axis.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/node.hpp"

namespace tg {

// Places begin, begin + step, … along an axis; a negative step runs backwards.
struct AxisRange {
  int axis = 0, begin = 0, step = 1;

  constexpr ir::Attributes attributes() const {
    using A = std::int16_t;
    return {A(axis), A(begin % limit), A(begin / limit), A(step % limit), A(step / limit)};
  }
  static constexpr AxisRange of(const ir::Attributes& a) {
    return {a[0], a[1] + a[2] * limit, a[3] + a[4] * limit};
  }
  // Of `count` places, the last one.
  constexpr int last(int count) const { return begin + (count - 1) * step; }
  // Are `count` places there, on an axis of this extent?
  constexpr bool lies_within(int extent, int count) const {
    const int end = last(count);
    return count > 0 && step != 0 && begin >= 0 && begin < extent && end >= 0 && end < extent;
  }

 private:
  static constexpr int limit = 1 << 15;  // attributes are small numbers
};

// A tensor seen along one axis: (outer, extent, inner).
struct AxisExtents {
  int outer, extent, inner;

  static constexpr AxisExtents of(const Shape& shape, int axis) {
    return {shape.product(0, axis), shape[axis], shape.product(axis + 1, shape.rank())};
  }
};

}  // namespace tg
