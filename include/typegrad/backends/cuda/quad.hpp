// Two and four numbers that a thread moves in one access.
// SPDX-License-Identifier: MIT
#pragma once

namespace tg::cuda {

template <class T>
struct alignas(2 * sizeof(T)) Pair {
  T x[2];
};
template <class T>
struct alignas(4 * sizeof(T)) Quad {
  T x[4];
};

}  // namespace tg::cuda
