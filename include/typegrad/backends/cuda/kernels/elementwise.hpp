// Work that needs no kernel around it, and numbers that are only moved.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// Calls epilogue(c, element, sample, nothing) for every number of a per-sample value, so many
// samples at a time: four floats or eight halves are 16 bytes.
template <class T, int Elements, int Samples = 4>
struct Elementwise {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(Elements * (stride / Samples), threads);
  }

  template <class C, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, int stride, const Epilogue& epilogue) {
    const int across = stride / Samples;
    in_pairs(
        c, Elements * across,
        [&](int i) {
          return epilogue.begin(i / across, Samples * (i % across), Pack<T, Samples>{});
        },
        [&](int i, const auto& begun) {
          epilogue.finish(begun, i / across, Samples * (i % across));
        });
  }
};

// The same of a value that the samples share: its stride is 1, and four are neighbours, where all
// that they move is aligned.
template <class T, int Elements>
struct SharedElementwise {
  static constexpr int threads = 256, fours = Elements / 4;
  static constexpr int tiles(int) { return tiles_of(fours > 0 ? fours : Elements, threads); }

  template <class C, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, int, const Epilogue& epilogue) {
    const bool together = fours > 0 && epilogue.template has_aligned<4>();
    if (together)
      in_pairs(
          c, fours, [&](int i) { return epilogue.begin(4 * i, 0, Quad<T>{}); },
          [&](int i, const auto& begun) { epilogue.finish(begun, 4 * i, 0); });
    const int first = together ? 4 * fours : 0;
    for_each_number(c, Elements - first, 1,
                    [&](int i, int sample) { epilogue(c, first + i, sample, T(0)); });
  }
};

// The same of a per-sample value that lies in memory already: epilogue(c, element, sample,
// numbers).
template <int Elements, int Samples>
struct Reread {
  static constexpr int threads = 256;
  static constexpr int tiles(int stride) {
    return tiles_of(Elements * (stride / Samples), threads);
  }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int stride, const Epilogue& epilogue) {
    for_each_number(c, Elements, stride / Samples, [&](int element, int some) {
      epilogue(c, element, Samples * some,
               numbers_at<Samples>(x, element * stride + Samples * some));
    });
  }
};
template <int Elements>
struct SharedReread {
  static constexpr int threads = 256;
  static constexpr int tiles(int) { return tiles_of(Elements, threads); }

  template <class C, class X, class Epilogue>
  TYPEGRAD_DEVICE static void run(const C& c, const X& x, int, const Epilogue& epilogue) {
    for_each_number(c, Elements, 1, [&](int element, int sample) {
      epilogue(c, element, sample, Computed<X>(x[element]));
    });
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
      put(to, element * to_stride + sample,
          Computed<From>(from[element * from_stride + (from_stride == 1 ? 0 : sample)]));
    });
  }
};

}  // namespace tg::cuda
