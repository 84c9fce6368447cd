// Loops over plain arrays: parameters, the solver's state, one sample's tensors, partial sums.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>

#include "typegrad/backends/cpu/vector.hpp"

namespace tg::cpu {
inline namespace TYPEGRAD_ARCHITECTURE {

// A whole vector while one is left before `end`, then what is there and zeros; nothing at or past
// `end` is read.
template <class T>
TYPEGRAD_INLINE Vector<T> load_before(const T* p, const T* end) {
  return end - p >= width<T> ? load_unaligned(p) : load_first(p, int(end - p));
}

// epilogue.flat(0, element, {}, how many) for the elements begin … end-1: it reads what it needs
// itself. Pre: begin is a multiple of the vector's width.
template <class T, class Epilogue>
TYPEGRAD_KERNEL void flat_loop(int begin, int end, const Epilogue& epilogue) {
  constexpr int W = width<T>;
  int element = begin;
  for (; element + W <= end; element += W) epilogue.flat(0, element, Vector<T>{}, W);
  if (element < end) epilogue.flat(0, element, Vector<T>{}, end - element);
}

// out[element] = partial 0 + partial 1 + …, in this order, for the elements begin … end-1. The
// partial sums lie `stride` elements apart; out may be the first of them. Pre: partials >= 1.
template <class T>
TYPEGRAD_KERNEL void add_partials(const T* first, std::ptrdiff_t stride, int partials, int begin,
                                  int end, T* out) {
  constexpr int W = width<T>;
  int element = begin;
  for (; element + W <= end; element += W) {
    Vector<T> sum = load_unaligned(first + element);
    for (int i = 1; i < partials; ++i) sum += load_unaligned(first + i * stride + element);
    store_unaligned(out + element, sum);
  }
  for (; element < end; ++element) {
    T sum = first[element];
    for (int i = 1; i < partials; ++i) sum += first[i * stride + element];
    out[element] = sum;
  }
}

}  // namespace TYPEGRAD_ARCHITECTURE
}  // namespace tg::cpu
