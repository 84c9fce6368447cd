// What kernels do with their results here: they write them.
#pragma once
#include "typegrad/backends/cuda/quad.hpp"
#include "typegrad/core/config.hpp"

namespace epilogues {

template <class To>
struct InLanes {
  To y;
  int stride;
  template <class C, int N>
  TYPEGRAD_DEVICE void operator()(const C&, int element, int sample,
                                  const tg::cuda::Pack<float, N>& some) const {
    y.store_pack(element * stride + sample, some);
  }
};
template <class To>
struct InColumns {
  To y;
  int stride;
  template <class C>
  TYPEGRAD_DEVICE void operator()(const C&, int element, int sample, float value) const {
    y[element * stride + sample] = value;
  }
};
template <class To>
struct InMatrix {
  To y;
  int columns;
  template <class C>
  TYPEGRAD_DEVICE void operator()(const C&, int row, int column, float value) const {
    y[row * columns + column] = value;
  }
};
template <class To>
struct InVector {
  To y;
  template <class C>
  TYPEGRAD_DEVICE void operator()(const C&, int element, float value) const {
    y[element] = value;
  }
};

}  // namespace epilogues
