// What a benchmark on a GPU says of a work: how long it takes, and what it moves and computes.
// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <chrono>
#include <vector>

namespace tg::bench {

// Seconds of a call, of many that are asked for without waiting: the median of rounds. wait()
// returns when all that was asked for has happened.
template <class Call, class Wait>
double seconds_of_calls(const Call& call, const Wait& wait, int calls = 100, int rounds = 20) {
  using clock = std::chrono::steady_clock;
  std::vector<double> all;
  for (int round = -3; round < rounds; ++round) {
    const auto start = clock::now();
    for (int i = 0; i < calls; ++i) call();
    wait();
    const std::chrono::duration<double> time = clock::now() - start;
    if (round >= 0) all.push_back(time.count() / calls);
  }
  std::nth_element(all.begin(), all.begin() + rounds / 2, all.end());
  return all[std::size_t(rounds / 2)];
}

// A work as the library counts it: bytes that its kernels read and write, FLOPs of its products,
// launches.
struct Counted {
  double bytes = 0, flops = 0;
  int kernels = 0, graphs = 0;
};

}  // namespace tg::bench
