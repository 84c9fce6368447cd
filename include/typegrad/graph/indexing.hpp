// Elements and parts by their places: read, written, added to; places as numbers or as symbols.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/graph/arrange.hpp"
#include "typegrad/graph/logic.hpp"

namespace tg {

// Places begin, begin + step, … before end, as NumPy's begin:end:step: negative ones count from the
// end, and those left out are the ends of the axis.
struct Range {
  static constexpr int open = -(1 << 30);
  int begin = open, end = open, step = 1;
  std::source_location at = std::source_location::current();
};
// x[tg::range(1, -1)]; x[tg::range(2)]: from the third on; x[tg::range()]: all.
constexpr Range range(int begin = Range::open, int end = Range::open, int step = 1,
                      const std::source_location& at = std::source_location::current()) {
  return {begin, end, step, at};
}

namespace ir {

// What a list of places, one for each of the first axes, means in a tensor: a number is one place,
// whose axis disappears.
class Region {
 public:
  template <class... Places>
  constexpr Region(Var x, Places... places) : kept(x.shape()), whole(x.shape()) {
    [[maybe_unused]] int axis = 0;
    (select(x, axis++, places), ...);
  }

  // The extents of what is chosen, and those that it has as a part of the whole.
  constexpr Shape shape() const { return without_axes(kept, single); }

  constexpr Var read(Var x) const {
    for (int axis = 0; fits && axis < kept.rank(); ++axis)
      x = slice(x, axis, along[std::size_t(axis)].begin, kept[axis], along[std::size_t(axis)].step);
    return fits ? reshape(x, shape()) : x;
  }
  // y there, zeros elsewhere.
  constexpr Var write(Var y) const {
    y = broadcast(y, shape());
    if (!fits || y.shape() != shape()) return y;
    y = reshape(y, kept);
    for (int axis = 0; axis < kept.rank(); ++axis)
      y = pad(y, along[std::size_t(axis)], whole[axis]);
    return y;
  }

  bool fits = true;

 private:
  constexpr void select(Var x, int axis, int place) {
    if (axis_exists(x, axis)) choose(x, axis, place < 0 ? place + whole[axis] : place, 1, 1);
    single |= 1 << axis;
  }
  constexpr void select(Var x, int axis, const Range& range) {
    if (!axis_exists(x, axis)) return;
    const int extent = whole[axis], step = range.step;
    const auto place = [&](int given, int left_out) {
      return given == Range::open ? left_out : given < 0 ? given + extent : given;
    };
    const int begin = place(range.begin, step > 0 ? 0 : extent - 1);
    const int end = place(range.end, step > 0 ? extent : -1);
    const int length = step == 0 ? 0 : (end - begin + step + (step > 0 ? -1 : 1)) / step;
    choose(x, axis, begin, length, step);
  }
  constexpr void choose(Var x, int axis, int begin, int length, int step) {
    const AxisRange range{axis, begin, length == 1 ? 1 : step};
    if (!range.lies_within(whole[axis], length)) {
      fits = false;
      return x.builder()->fail(
          {.kind = FaultKind::slice_out_of_range, .got = whole, .numbers = {axis, begin, length}});
    }
    along[std::size_t(axis)] = range;
    kept.set(axis, length);
  }

  // Axes without a place are there in full.
  std::array<AxisRange, Shape::max_rank> along{{{0}, {1}, {2}, {3}, {4}}};
  Shape kept, whole;
  int single = 0;
};

}  // namespace ir

// x[places…], a place for each of the first axes: a number, or a tg::range. at(x, 0, tg::range(1,
// -1)). Faults: axis_out_of_range, slice_out_of_range.
template <class... Places>
constexpr Var at(Operand x, Places... places) {
  return ir::Region(x, places...).read(x);
}

// x with y, broadcast, in the place of x[places…], or added to it; x itself is not changed. Faults
// as for at, and shapes_do_not_match, dtypes_do_not_match.
template <class... Places>
constexpr Var set_subtensor(Operand x, Var y, Places... places) {
  ir::same_dtype("set_subtensor", x, y);
  const ir::Region region(x, places...);
  if (!region.fits) return x;
  return select(region.write(constant(x.builder(), 1, {}, x.dtype())), region.write(y), x);
}
template <class... Places>
constexpr Var inc_subtensor(Operand x, Var y, Places... places) {
  const ir::Region region(x, places...);
  return region.fits ? x + region.write(y) : x;
}

// What the integers choose along an axis of x: x.shape()[:axis], those of the integers, the rest.
// Per sample where one of the two is. Pre: 0 <= integer < extent. Faults: axis_out_of_range,
// needs_integers, rank_too_large.
constexpr Var take(Operand x, Var indices, int axis = 0) {
  if (!ir::axis_exists(x, axis) || !ir::holds_integers(indices)) return x;
  const Var front = move_axis(x, axis, 0);
  const int rank = x.shape().rank(), chosen = indices.shape().rank();
  Shape shape = indices.shape();
  for (int other = 1; other < rank; ++other) shape.append(front.shape()[other]);
  if (shape.rank() > Shape::max_rank) {
    x.builder()->fail({.kind = FaultKind::rank_too_large, .got = shape});
    return x;
  }
  Var result =
      reshape(gather(reshape(front, {front.shape()[0], -1}), reshape(indices, {-1})), shape);
  for (int i = 0; i < chosen && axis > 0; ++i) result = move_axis(result, 0, axis + chosen - 1);
  return result;
}

// Along the axis, each element's own choice: y[i, j] = x[i, indices[i, j]] for axis 1. The shapes
// are equal but for that axis. Faults: axis_out_of_range, needs_integers, shapes_do_not_match.
constexpr Var take_along_axis(Operand x, Var indices, int axis) {
  if (!ir::axis_exists(x, axis) || !ir::holds_integers(indices)) return x;
  Shape like = indices.shape();
  if (like.rank() == x.shape().rank()) like.set(axis, x.shape()[axis]);
  if (like != x.shape()) {
    x.builder()->fail({.kind = FaultKind::shapes_do_not_match,
                       .got = x.shape(),
                       .wanted = indices.shape(),
                       .name = "take_along_axis"});
    return x;
  }
  const int rank = like.rank();
  Var place = cast(indices, i32) * like.product(axis + 1, rank);
  for (int other = 0; other < rank; ++other) {
    if (other == axis) continue;
    const Var along = iota(x.builder(), like[other], i32) * like.product(other + 1, rank);
    place = place + ir::with_axes(along, ir::all_axes(like) & ~(1 << other), rank);
  }
  return reshape(gather(reshape(x, {-1, 1}), reshape(place, {-1})), indices.shape());
}

// x with rows of y added where the integers say, as often as they say it: x (rows, …), y (integers'
// extents, …). Pre: 0 <= integer < rows. Faults: needs_integers, shapes_do_not_match,
// dtypes_do_not_match.
constexpr Var scatter_add(Operand x, Var indices, Var y) {
  if (!ir::holds_integers(indices)) return x;
  ir::same_dtype("scatter_add", x, y);
  Shape expected = indices.shape();
  for (int axis = 1; axis < x.shape().rank(); ++axis) expected.append(x.shape()[axis]);
  if (x.shape().rank() == 0 || y.shape() != expected) {
    x.builder()->fail({.kind = FaultKind::shapes_do_not_match,
                       .got = y.shape(),
                       .wanted = expected,
                       .name = "scatter_add"});
    return x;
  }
  const int rows = x.shape()[0], width = x.shape().size() / rows;
  const Var flat = reshape(indices, {-1});
  const Var added = ir::emit(x.builder(), Op::scatter, {rows, width}, x.dtype(),
                             ir::operands(flat, reshape(y, {flat.shape()[0], width})));
  return x + reshape(added, x.shape());
}

constexpr Var Var::operator[](Noted<int> i) const { return at({*this, i.at}, i.value); }
constexpr Var Var::operator[](const Range& part) const { return at({*this, part.at}, part); }
constexpr Var Var::operator[](Operand indices) const { return take(*this, indices); }

namespace ir {

// For the last two axes: column - row.
constexpr Var off_diagonal(Var x) {
  const int rank = x.shape().rank();
  const Var row = iota(x.builder(), x.shape()[rank - 2], i32),
            column = iota(x.builder(), x.shape()[rank - 1], i32);
  return column - reshape(row, {-1, 1});
}

}  // namespace ir

// Of a vector, the matrix with it on its diagonal; of a matrix, its diagonal. Fault:
// axis_out_of_range.
constexpr Var diag(Operand x) {
  if (x.shape().rank() == 1) {
    const Var square = broadcast(x, {x.shape()[0], x.shape()[0]});
    return select(equal(ir::off_diagonal(square), 0), square, 0);
  }
  if (x.shape().rank() != 2) {
    x.builder()->fail({.kind = FaultKind::axis_out_of_range, .got = x.shape(), .numbers = {1}});
    return x;
  }
  const int rows = x.shape()[0], columns = x.shape()[1];
  return slice(flatten(x), 0, 0, rows < columns ? rows : columns, columns + 1);
}
// The sum of a matrix's diagonal. Fault: axis_out_of_range.
constexpr Var trace(Operand x) { return sum(diag(x), within); }
// x where column - row of the last two axes is at most (at least) `diagonal`, 0 elsewhere. Fault:
// axis_out_of_range.
constexpr Var tril(Operand x, int diagonal = 0) {
  if (int last = 1; !ir::axis_exists(x, last)) return x;
  return select(less_equal(ir::off_diagonal(x), diagonal), x, 0);
}
constexpr Var triu(Operand x, int diagonal = 0) {
  if (int last = 1; !ir::axis_exists(x, last)) return x;
  return select(greater_equal(ir::off_diagonal(x), diagonal), x, 0);
}

}  // namespace tg
