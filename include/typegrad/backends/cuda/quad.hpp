// Numbers that a thread moves in one access, and what is computed with what lies in memory.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/core/half.hpp"

namespace tg::cuda {

// An access moves at most 16 bytes.
template <class T, int N>
struct alignas(N * sizeof(T) < 16 ? N * sizeof(T) : 16) Pack {
  T x[N];
};
template <class T>
using Pair = Pack<T, 2>;
template <class T>
using Quad = Pack<T, 4>;

// What a number becomes when it is read: halves are only stored.
template <class T>
using arithmetic_t = std::conditional_t<is_half_type<T>, float, T>;
template <class View>
using Computed = arithmetic_t<typename View::Value>;

}  // namespace tg::cuda
