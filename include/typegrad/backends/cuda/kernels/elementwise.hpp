// Work that needs no kernel around it, and numbers that are only moved.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// Calls epilogue(c, element, sample, nothing) for every number of a per-sample value, four samples
// at a time.
template <class T, int Elements>
struct Elementwise {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) { return tiles_of(Elements * (stride / 4), threads); }

  template <class C, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, int stride, const Epilogue& epilogue) {
    for_each_number(c, Elements, stride / 4,
                    [&](int element, int four) { epilogue(c, element, 4 * four, Quad<T>{}); });
  }
};

// The same of a value that the samples share: its stride is 1.
template <class T, int Elements>
struct SharedElementwise {
  static constexpr int threads = 256;
  static constexpr int tiles(int) { return tiles_of(Elements, threads); }

  template <class C, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, int, const Epilogue& epilogue) {
    for_each_number(c, Elements, 1,
                    [&](int element, int sample) { epilogue(c, element, sample, T(0)); });
  }
};

// to = from, element by element; each has a number for each sample, or, its stride being 1, one for
// all.
struct Copy {
  static constexpr int threads = 256;
  static constexpr int tiles(int elements, int to_stride) {
    return tiles_of(elements * to_stride, threads);
  }

  template <class C, class From, class To>
  TYPEGRAD_DEVICE static void run(const C& c, const From& from, int from_stride, const To& to,
                                  int to_stride, int elements) {
    for_each_number(c, elements, to_stride, [&](int element, int sample) {
      to[element * to_stride + sample] =
          Computed<From>(from[element * from_stride + (from_stride == 1 ? 0 : sample)]);
    });
  }
};

}  // namespace tg::cuda
