// Numbers that a thread moves in one access, and what is computed with what lies in memory.
// SPDX-License-Identifier: MIT
#pragma once
#include <type_traits>

#include "typegrad/core/config.hpp"
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

// Numbers first … first + N - 1, read in one access, and one that is written as memory has it.
template <int N, class View>
TYPEGRAD_DEVICE Pack<Computed<View>, N> numbers_at(const View& from, typename View::Index first) {
  const auto stored = from.template load_pack<N>(first);
  Pack<Computed<View>, N> numbers;
  TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < N; ++k) numbers.x[k] = Computed<View>(stored.x[k]);
  return numbers;
}
template <class View>
TYPEGRAD_DEVICE void put(const View& to, typename View::Index at, Computed<View> number) {
  to[at] = typename View::Value(number);
}
template <int N, class View>
TYPEGRAD_DEVICE void put_pack(const View& to, typename View::Index first,
                              const Pack<Computed<View>, N>& numbers) {
  Pack<typename View::Value, N> stored;
  TYPEGRAD_DEVICE_UNROLL for (int k = 0; k < N; ++k) stored.x[k] =
      typename View::Value(numbers.x[k]);
  to.store_pack(first, stored);
}

}  // namespace tg::cuda
