// The reference's rows for the same numbers in another order or number.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"

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

}  // namespace tg::reference
