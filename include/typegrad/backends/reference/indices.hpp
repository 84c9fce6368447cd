// The reference's rows for positions and labels, which are whole numbers held as T.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/reference/call.hpp"

namespace tg::reference {

template <class T>
constexpr void iota(const Call<T>& call) {
  for (int i = 0, n = call.size(); i < n; ++i) call.out[i] = T(i);
}

// x[…, label]. Pre: 0 <= label < classes.
template <class T>
constexpr void pick(const Call<T>& call) {
  const int classes = call.shape(0)[call.node.shape.rank()];
  for (int i = 0, n = call.size(); i < n; ++i)
    call.out[i] = call.in[0][i * classes + int(call.in[1][i])];
}

template <class T>
constexpr void one_hot(const Call<T>& call) {
  const int classes = call.node.shape[call.shape(0).rank()];
  for (int i = 0, n = call.size(); i < n; ++i)
    call.out[i] = T(call.in[0][i / classes] == T(i % classes));
}

// Rows of in[1] that the integers in[0] choose. Pre: 0 <= integer < rows.
template <class T>
constexpr void gather(const Call<T>& call) {
  const int width = call.shape(1)[1];
  for (int i = 0, n = call.shape(0).size(); i < n; ++i)
    for (int k = 0, row = int(call.in[0][i]); k < width; ++k)
      call.out[i * width + k] = call.in[1][row * width + k];
}

template <class T>
constexpr void scatter(const Call<T>& call) {
  const int width = call.node.shape[1];
  call.fill(T(0));
  for (int i = 0, n = call.shape(0).size(); i < n; ++i)
    for (int k = 0, row = int(call.in[0][i]); k < width; ++k)
      call.out[row * width + k] += call.in[1][i * width + k];
}

}  // namespace tg::reference
