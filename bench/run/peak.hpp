// The peak of one core, measured: fused multiply-adds on registers.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <chrono>
#include <utility>

#include "typegrad/backends/cpu/vector.hpp"

namespace tg::bench {

template <class T>
__attribute__((noinline)) void multiply_add_registers(long rounds) {
  using namespace tg::cpu;
  constexpr int chains =
      12;  // more than latency x ports of any core; fits in 16 registers with the operands
  Vector<T> sums[chains];
  TYPEGRAD_UNROLL for (int i = 0; i < chains; ++i) sums[i] = splat(T(i));
  Vector<T> factor = splat(T(0.999)), term = splat(T(0.001));
  asm volatile("" : "+x"(factor), "+x"(term));
  for (long round = 0; round < rounds; ++round) {
    TYPEGRAD_UNROLL for (int i = 0; i < chains; ++i) sums[i] = sums[i] * factor + term;
    TYPEGRAD_UNROLL for (int i = 0; i < chains; ++i) asm volatile("" : "+x"(sums[i]));
  }
}

// FLOP/s of one core: the best of a few short runs.
template <class T>
double peak_flops(int runs = 20) {
  using clock = std::chrono::steady_clock;
  constexpr long rounds = 100'000;
  double best = 0;
  for (int run = 0; run < runs; ++run) {
    const auto start = clock::now();
    multiply_add_registers<T>(rounds);
    const double seconds = std::chrono::duration<double>(clock::now() - start).count();
    best = std::max(best, 2.0 * 12 * tg::cpu::width<T> * rounds / seconds);
  }
  return best;
}

}  // namespace tg::bench
