// Loops that end early: whether a step is taken, and what one that is not leaves.
// SPDX-License-Identifier: MIT
#pragma once
#include "typegrad/backends/cuda/kernels/tiles.hpp"
#include "typegrad/backends/cuda/quad.hpp"

namespace tg::cuda {

// taken[0] is not 0 if any of the `count` numbers of a step's mask is not: how many of the threads
// have found one. One block, so that nobody waits for others; a NaN is not 0.
struct FindTaken {
  static constexpr int threads = 256, warps = threads / 32;
  static constexpr int tiles() { return 1; }

  template <class C, class Mask, class Taken>
  TYPEGRAD_DEVICE static void run(const C& c, const Mask& mask, int count, const Taken& taken) {
    using T = Computed<Mask>;
    if (c.block() != 0) return;
    const auto of_warp = c.template shared<T, warps>();
    T found = 0;
    for_each_of_block(c, count, [&](int sample) {
      if (T(mask[sample]) != T(0)) found = 1;
    });
    found = sum_of_lanes(c, found);
    if (c.lane() == 0) of_warp[c.warp()] = found;
    c.barrier();
    if (c.thread() != 0) return;
    T all = of_warp[0];
    for (int warp = 1; warp < warps; ++warp) all += of_warp[warp];
    put(taken, 0, all);
  }
};

// to = 0, all numbers of it.
struct Clear {
  static constexpr int threads = 256;
  static constexpr int tiles(int elements, int stride) {
    return tiles_of(elements * stride, threads);
  }

  template <class C, class To>
  TYPEGRAD_DEVICE static void run(const C& c, const To& to, int elements, int stride) {
    for_each_number(c, elements, stride, [&](int element, int sample) {
      put(to, element * stride + sample, Computed<To>(0));
    });
  }
};

}  // namespace tg::cuda
