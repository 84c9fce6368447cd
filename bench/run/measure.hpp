// Times a kernel or a step and reports its share of the core's peak, measured in the same run.
// SPDX-License-Identifier: MIT
#pragma once
#include <benchmark/benchmark.h>

#include "bench/run/peak.hpp"

namespace tg::bench {

// The highest peak seen so far: other programs only ever lower it.
inline double peak() {
  static double highest = peak_flops<float>(50);
  return highest = std::max(highest, peak_flops<float>(3));
}

// Times runs of some 100 microseconds, for about half a second, and reports the best of them: other
// programs only ever slow a run down.
template <class Kernel>
void measure(benchmark::State& state, double flops, Kernel kernel) {
  using clock = std::chrono::steady_clock;
  const auto seconds = [&](int calls) {
    const auto start = clock::now();
    for (int call = 0; call < calls; ++call) {
      kernel();
      benchmark::ClobberMemory();
    }
    return std::chrono::duration<double>(clock::now() - start).count() / calls;
  };
  const int calls = std::max(1, int(1e-4 / std::min(seconds(3), seconds(3))));
  double best = 1e9;
  for (auto _ : state)
    for (const auto start = clock::now();
         std::chrono::duration<double>(clock::now() - start).count() < 0.5;)
      best = std::min(best, seconds(calls));
  state.counters["best_us"] = best * 1e6;
  state.counters["GFLOP/s"] = flops / best / 1e9;
  state.counters["%_of_peak"] = 100 * flops / best / peak();
}

}  // namespace tg::bench
