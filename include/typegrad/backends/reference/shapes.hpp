// The reference's rows for the same numbers in another order or number.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"
#include "typegrad/graph/range.hpp"

namespace tg::reference {

template <class T>
constexpr void copy(const Call<T>& call) {
  for (int i = 0, n = call.size(); i < n; ++i) call.out[i] = call.in[0][i];
}

// An extent of 1, or a missing axis in front, is read again and again: its stride is 0.
template <class T>
constexpr void broadcast(const Call<T>& call) {
  const Shape& x = call.shape(0);
  const Strides dense = strides_of(x);
  const int missing = call.node.shape.rank() - x.rank();
  Strides strides{};
  for (int axis = 0; axis < x.rank(); ++axis)
    strides[axis + missing] = x[axis] == 1 ? 0 : dense[axis];
  walk(call.node.shape, strides, [&](int i, int from) { call.out[i] = call.in[0][from]; });
}

// Axis i of the result is axis attributes[i] of x.
template <class T>
constexpr void transpose(const Call<T>& call) {
  const Strides dense = strides_of(call.shape(0));
  Strides strides{};
  for (int axis = 0; axis < call.node.shape.rank(); ++axis)
    strides[axis] = dense[call.node.attributes[axis]];
  walk(call.node.shape, strides, [&](int i, int from) { call.out[i] = call.in[0][from]; });
}

// visit(i, place) for every element i of `part`, which lies in `whole` as `range` says.
template <class Visit>
constexpr void walk_part(const Shape& part, const Shape& whole, const AxisRange& range,
                         Visit visit) {
  Strides strides = strides_of(whole);
  const int first = range.begin * strides[range.axis];
  strides[range.axis] *= range.step;
  walk(part, strides, [&](int i, int offset) { visit(i, first + offset); });
}

template <class T>
constexpr void slice(const Call<T>& call) {
  walk_part(call.node.shape, call.shape(0), AxisRange::of(call.node.attributes),
            [&](int i, int from) { call.out[i] = call.in[0][from]; });
}

template <class T>
constexpr void pad(const Call<T>& call) {
  call.fill(T(0));
  walk_part(call.shape(0), call.node.shape, AxisRange::of(call.node.attributes),
            [&](int i, int to) { call.out[to] = call.in[0][i]; });
}

template <class T>
constexpr void concatenate(const Call<T>& call) {
  const int axis = call.node.attributes[0];
  for (int which = 0, begin = 0; which < call.node.operands(); ++which) {
    const Shape& part = call.shape(which);
    walk_part(part, call.node.shape, {axis, begin, 1},
              [&](int i, int to) { call.out[to] = call.in[which][i]; });
    begin += part[axis];
  }
}

}  // namespace tg::reference
