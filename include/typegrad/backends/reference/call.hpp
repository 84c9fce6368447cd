// What a row of the reference gets: a node, its operands' elements, where its result goes.
// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstddef>

#include "typegrad/core/elements.hpp"
#include "typegrad/graph/node.hpp"

namespace tg::reference {

template <class T>
using View = Elements<T>;

// The two inner loops of all products; on bare pointers, since constant expressions count calls.
// total + the sum of a[k] b[k] over n elements, in order
template <class T>
constexpr T dot(View<const T> a, View<const T> b, int n, T total = T(0)) {
  const T *const x = a.data, *const y = b.data;
  const int step_x = a.stride, step_y = b.stride;
  for (int k = 0; k < n; ++k) total += x[k * step_x] * y[k * step_y];
  return total;
}
// out[k] += scale * a[k]
template <class T>
constexpr void add_scaled(T scale, View<const T> a, View<T> out, int n) {
  const T* const x = a.data;
  T* const y = out.data;
  const int step_x = a.stride, step_y = out.stride;
  for (int k = 0; k < n; ++k) y[k * step_y] += scale * x[k * step_x];
}

// One sample's evaluation of one node. Pre: `out` overlaps no operand.
template <class T>
struct Call {
  const ir::Node& node;
  const ir::Node* const* operand;  // the operands' nodes, for their shapes
  const View<const T>* in;         // their elements
  View<T> out;

  constexpr const Shape& shape(int which) const { return operand[which]->shape; }
  constexpr int size() const { return node.shape.size(); }

  constexpr void fill(T value) const {
    for (int i = 0, n = size(); i < n; ++i) out[i] = value;
  }
};

// How an op is computed, or that it is not. The flag stands beside the pointer because g++'s
// sanitizers let no constant expression compare a function with null.
template <class T>
struct Row {
  using Function = void(const Call<T>&);
  Function* function = nullptr;
  bool exists = false;

  constexpr Row() = default;
  constexpr Row(Function* some) : function(some), exists(true) {}
  constexpr void operator()(const Call<T>& call) const { function(call); }
};

using Strides = std::array<int, Shape::max_rank>;

// Of a dense tensor in row-major order.
constexpr Strides strides_of(const Shape& shape) {
  Strides strides{};
  for (int axis = shape.rank() - 1, stride = 1; axis >= 0; stride *= shape[axis--])
    strides[axis] = stride;
  return strides;
}

// visit(i, offset) for every element i of `shape` in row-major order; the offset follows `strides`.
template <class Visit>
constexpr void walk(const Shape& shape, const Strides& strides, Visit visit) {
  std::array<int, Shape::max_rank> index{};
  int offset = 0;
  for (int i = 0, n = shape.size(); i < n; ++i) {
    visit(i, offset);
    for (int axis = shape.rank() - 1; axis >= 0; --axis) {
      offset += strides[axis];
      if (++index[axis] < shape[axis]) break;
      offset -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace tg::reference
