// Training steps and inference in half precision beside float: time, and bytes.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "bench/run/measure.hpp"
#include "typegrad/typegrad.hpp"

namespace {

constexpr int samples = 64;
// Networks and their first layers, whose input gradient nobody needs.
using LeNet = tg::models::LeNet<>;
using LeNetStem = tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5, tg::padding<2>>>;
using Mlp = tg::Sequence<tg::Input<784>, tg::Linear<512>, tg::Relu, tg::Linear<512>, tg::Relu,
                         tg::Linear<10>>;
using MlpStem = tg::Sequence<tg::Input<784>, tg::Linear<512>>;

std::vector<float> images() {
  std::vector<float> numbers(samples * 784);
  tg::Random random(7, 1);
  for (float& x : numbers) x = float(random.unit());
  return numbers;
}
std::vector<std::int32_t> labels() {
  std::vector<std::int32_t> all(samples);
  for (int i = 0; i < samples; ++i) all[std::size_t(i)] = i % 10;
  return all;
}

template <class Net, tg::DType dtype>
void count_bytes(benchmark::State& state) {
  state.counters["parameter_bytes"] = double(tg::parameter_bytes<Net, dtype>);
  state.counters["workspace_bytes"] = double(tg::workspace_bytes<Net, dtype>);
}

template <class Net, class Stem, tg::DType dtype>
void step(benchmark::State& state) {
  tg::Model<Net, tg::Cpu, dtype> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-4},
                      tg::batch<samples>, tg::master_weights};
  const auto x = images();
  const auto y = labels();
  tg::bench::measure(state, double(3 * tg::flops<Net> - tg::flops<Stem>) * samples,
                     [&] { trainer.step(x, y); });
  count_bytes<Net, dtype>(state);
}
template <class Net, tg::DType dtype>
void predict(benchmark::State& state) {
  const tg::Model<Net, tg::Cpu, dtype> model;
  const auto x = images();
  std::vector<float> y(samples * 10);
  tg::bench::measure(state, double(tg::flops<Net>) * samples, [&] { model(x, y); });
  count_bytes<Net, dtype>(state);
}

template <class Net, class Stem>
void add(const std::string& name) {
  const auto add_one = [&](const std::string& what, void (*run)(benchmark::State&)) {
    benchmark::RegisterBenchmark((name + "/" + what).c_str(), run)->Iterations(1);
  };
  add_one("step/f32", step<Net, Stem, tg::f32>);
  add_one("step/bf16", step<Net, Stem, tg::bf16>);
  add_one("step/f16", step<Net, Stem, tg::f16>);
  add_one("predict/f32", predict<Net, tg::f32>);
  add_one("predict/bf16", predict<Net, tg::bf16>);
  add_one("predict/f16", predict<Net, tg::f16>);
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tg::set_threads(argc > 1 ? std::atoi(argv[1]) : 1);  // one unless the command line says how many
  add<LeNet, LeNetStem>("LeNet");
  add<Mlp, MlpStem>("MLP 784-512-512-10");
  benchmark::RunSpecifiedBenchmarks();
}
