// Element-wise functions of 2^24 floats, fused into one pass: beside a copy of as many, and beside
// the plain Eigen expression, round by round in the same run.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>

#include "bench/run/measure.hpp"
#include "typegrad/typegrad.hpp"

namespace {

constexpr int count = 1 << 24;

// y = a x + b |x| - c max(x, d): memory is all that it costs.
struct Cheap {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.argument("x", {count});
    return s.scalar("a") * x + s.scalar("b") * abs(x) - s.scalar("c") * maximum(x, s.scalar("d"));
  }
};
// y = c tanh(a x + b) + x / (1 + exp(-x))
struct Costly {
  static constexpr tg::Var define(tg::Scope& s) {
    const tg::Var x = s.argument("x", {count});
    return tanh(s.scalar("a") * x + s.scalar("b")) * s.scalar("c") + x / (1 + exp(-x));
  }
};

// The best of many rounds, each of which runs all three once.
template <class Ours, class Eigens>
void compare(benchmark::State& state, Ours ours, Eigens eigens) {
  using clock = std::chrono::steady_clock;
  std::vector<float> from(count, 1.0f), to(count);
  const auto seconds = [](auto run) {
    const auto start = clock::now();
    run();
    benchmark::ClobberMemory();
    return std::chrono::duration<double>(clock::now() - start).count();
  };
  double best[3] = {1e9, 1e9, 1e9};
  for (auto _ : state)
    for (int round = 0; round < 30; ++round) {
      best[0] = std::min(best[0], seconds(ours));
      best[1] =
          std::min(best[1], seconds([&] { std::memcpy(to.data(), from.data(), 4u * count); }));
      best[2] = std::min(best[2], seconds(eigens));
    }
  state.counters["ms"] = 1e3 * best[0];
  state.counters["GB/s"] = 8e-9 * count / best[0];
  state.counters["copy_GB/s"] = 8e-9 * count / best[1];
  state.counters["%_of_copy"] = 100 * best[1] / best[0];
  state.counters["eigen_ms"] = 1e3 * best[2];
  state.counters["time_of_eigen_%"] = 100 * best[0] / best[2];
}

std::vector<float> numbers() {
  std::vector<float> x(count);
  tg::Random random(1, 1);
  for (float& value : x) value = float(random.between(-4, 4));
  return x;
}

void cheap(benchmark::State& state) {
  tg::Function<Cheap> f;
  const auto x = numbers();
  std::vector<float> y(count);
  const Eigen::Map<const Eigen::ArrayXf> in(x.data(), count);
  Eigen::Map<Eigen::ArrayXf> out(y.data(), count);
  compare(
      state, [&] { benchmark::DoNotOptimize(f(x, 1.3f, 0.2f, 0.7f, 0.1f).data()); },
      [&] { out = 1.3f * in + 0.2f * in.abs() - 0.7f * in.max(0.1f); });
}

void costly(benchmark::State& state) {
  tg::Function<Costly> f;
  const auto x = numbers();
  std::vector<float> y(count);
  const Eigen::Map<const Eigen::ArrayXf> in(x.data(), count);
  Eigen::Map<Eigen::ArrayXf> out(y.data(), count);
  compare(
      state, [&] { benchmark::DoNotOptimize(f(x, 1.3f, 0.2f, 0.7f).data()); },
      [&] { out = (1.3f * in + 0.2f).tanh() * 0.7f + in / (1 + (-in).exp()); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tg::set_threads(argc > 1 ? std::atoi(argv[1]) : 1);  // one unless the command line says how many
  benchmark::RegisterBenchmark("a x + b |x| - c max(x, d)", cheap)->Iterations(1);
  benchmark::RegisterBenchmark("c tanh(a x + b) + x / (1 + exp(-x))", costly)->Iterations(1);
  benchmark::RunSpecifiedBenchmarks();
}
