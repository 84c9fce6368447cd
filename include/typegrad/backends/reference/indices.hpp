// The reference's rows for positions and labels, which are whole numbers held as T.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"

namespace tg::reference {

template <class T>
constexpr void iota(const Call<T>& call) {
  for (int i = 0, n = call.size(); i < n; ++i) call.out[i] = T(i);
}

// x[label]. Pre: 0 <= label < classes.
template <class T>
constexpr void pick(const Call<T>& call) {
  call.out[0] = call.in[0][int(call.in[1][0])];
}

template <class T>
constexpr void one_hot(const Call<T>& call) {
  for (int i = 0, n = call.size(); i < n; ++i) call.out[i] = T(call.in[0][0] == T(i));
}

}  // namespace tg::reference
