// The reference's rows that look along axes of one sample: sum, max, argmax, softmax.
// SPDX-License-Identifier: MIT
#pragma once
#include <bit>
#include <limits>

#include "typegrad/backends/reference/call.hpp"
#include "typegrad/graph/meaning.hpp"

namespace tg::reference {

// Strides into the result of a reduction of `shape` over `mask`: 0 along the axes that disappear.
constexpr Strides reduced_strides(const Shape& shape, int mask) {
  Strides strides{};
  for (int axis = shape.rank() - 1, stride = 1; axis >= 0; --axis) {
    if ((mask >> axis & 1) != 0) continue;
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

// In row-major order of x.
template <class T>
constexpr void sum(const Call<T>& call) {
  call.fill(T(0));
  walk(call.shape(0), reduced_strides(call.shape(0), call.node.attributes[0]),
       [&](int i, int to) { call.out[to] += call.in[0][i]; });
}

// A NaN is a maximum.
template <class T>
constexpr void max(const Call<T>& call) {
  call.fill(-std::numeric_limits<T>::infinity());
  walk(call.shape(0), reduced_strides(call.shape(0), call.node.attributes[0]),
       [&](int i, int to) { call.out[to] = meaning<T>(Op::maximum, call.out[to], call.in[0][i]); });
}

// What runs along one axis: `count` lines of `length` elements, `step` apart.
struct Lines {
  int count, length, step;

  constexpr Lines(const Shape& shape, int axis)
      : count(shape.size() / shape[axis]),
        length(shape[axis]),
        step(shape.product(axis + 1, shape.rank())) {}
  constexpr int first(int line) const { return line / step * step * length + line % step; }
};

// Is x a better maximum than what was found before it? Equals are not; the first NaN is.
template <class T>
constexpr bool exceeds(T x, T before) {
  return x > before || (x != x && before == before);
}

// attributes[0] has one bit: the axis.
template <class T>
constexpr void argmax(const Call<T>& call) {
  const Lines lines(call.shape(0), std::countr_zero(unsigned(call.node.attributes[0])));
  for (int line = 0; line < lines.count; ++line) {
    const int first = lines.first(line);
    int best = 0;
    for (int k = 1; k < lines.length; ++k)
      if (exceeds(call.in[0][first + k * lines.step], call.in[0][first + best * lines.step]))
        best = k;
    call.out[line] = T(best);
  }
}

// exp(x - max) / sum, or x - max - log(sum): nothing overflows.
template <class T, bool logarithm>
constexpr void softmax(const Call<T>& call) {
  const Lines lines(call.node.shape, call.node.attributes[0]);
  for (int line = 0; line < lines.count; ++line) {
    const int first = lines.first(line), last = first + lines.length * lines.step;
    T largest = call.in[0][first], total = T(0);
    for (int i = first; i < last; i += lines.step)
      largest = meaning<T>(Op::maximum, largest, call.in[0][i]);
    for (int i = first; i < last; i += lines.step) {
      const T shifted = call.in[0][i] - largest, e = math::exp(shifted);
      call.out[i] = logarithm ? shifted : e;
      total += e;
    }
    const T scale = logarithm ? math::log(total) : total;
    for (int i = first; i < last; i += lines.step) {
      if (logarithm)
        call.out[i] -= scale;
      else
        call.out[i] /= scale;
    }
  }
}

}  // namespace tg::reference
