// Axes in another order, in the lanes layout: vectors of samples are moved.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cpu/half_vector.hpp"
#include "typegrad/passes/geometry.hpp"

namespace tg::cpu {

using passes::Axis;

inline namespace TYPEGRAD_ARCHITECTURE {

namespace detail {

template <class T, int V, class Last, class X, class Epilogue>
TYPEGRAD_INLINE int permute_axes(const X* x, int row, const Epilogue& epilogue) {
  for (int column = 0; column < Last::extent; ++column)
    for (int vector = 0; vector < V; ++vector)
      epilogue(row, column, vector, load(x + (column * Last::step * V + vector) * width<T>));
  return row + 1;
}
template <class T, int V, class First, class Second, class... Rest, class X, class Epilogue>
TYPEGRAD_INLINE int permute_axes(const X* x, int row, const Epilogue& epilogue) {
  for (int i = 0; i < First::extent; ++i)
    row = permute_axes<T, V, Second, Rest...>(x + i * First::step * V * width<T>, row, epilogue);
  return row;
}

}  // namespace detail

// x: elements [V * width]. epilogue(row, column, vector, value) for the result's elements in order,
// `column` counting along its last axis.
template <class T, int V, class... Axes, class X, class Epilogue>
TYPEGRAD_KERNEL void permute(const X* x, const Epilogue& epilogue) {
  const Epilogue stores = epilogue;  // a copy: its pointers stay in registers
  detail::permute_axes<T, V, Axes...>(x, 0, stores);
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
