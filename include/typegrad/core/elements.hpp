// A view of the elements of one sample's tensor, wherever they lie.
// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>

namespace tg {

// Elements that lie `stride` apart: element i is data[i * stride], as a lane of a tile does.
template <class T>
struct Elements {
  T* data = nullptr;
  int stride = 1;

  constexpr T& operator[](int i) const { return data[std::ptrdiff_t(i) * stride]; }
  // Elements i, i + step, i + 2 step, …
  constexpr Elements from(int i, int step = 1) const {
    return {data + std::ptrdiff_t(i) * stride, step * stride};
  }
};

}  // namespace tg
