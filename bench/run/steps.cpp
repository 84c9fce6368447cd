// Whole steps: training and inference of the networks that others are measured with, and the share
// of the core's peak that each reaches in the same run. FLOPs are those of products and
// convolutions, borders included, 2 per multiply-add.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "bench/run/measure.hpp"
#include "typegrad/typegrad.hpp"

namespace {

struct LeNet : tg::Sequence<tg::Input<1, 28, 28>, tg::Conv<6, 5, tg::padding<2>>, tg::Relu,
                            tg::MaxPool<2>, tg::Conv<16, 5>, tg::Relu, tg::MaxPool<2>, tg::Flatten,
                            tg::Linear<120>, tg::Relu, tg::Linear<84>, tg::Relu, tg::Linear<10>> {};
struct Perceptron : tg::Sequence<tg::Input<784>, tg::Linear<512>, tg::Relu, tg::Linear<512>,
                                 tg::Relu, tg::Linear<10>> {};
struct Narrow : tg::Sequence<tg::Input<64>, tg::Linear<64>, tg::Relu, tg::Linear<64>, tg::Relu,
                             tg::Linear<64>, tg::Relu, tg::Linear<64>> {};

// Multiply-adds of one sample's forward pass; its gradients need as many for the weights, and as
// many for the inputs of all layers but the first.
struct Work {
  double forward, first;
  double training() const { return 2 * (3 * forward - first); }
  double inference() const { return 2 * forward; }
};
constexpr Work lenet{117600 + 240000 + 48000 + 10080 + 840, 117600};
constexpr Work perceptron{784 * 512 + 512 * 512 + 5120, 784 * 512};
constexpr Work narrow{4 * 64 * 64, 64 * 64};

std::vector<float> random_numbers(std::size_t count) {
  std::vector<float> numbers(count);
  tg::Random random(1);
  for (float& x : numbers) x = float(random.between(-1, 1));
  return numbers;
}
std::vector<std::int32_t> random_labels(std::size_t count) {
  std::vector<std::int32_t> labels(count);
  tg::Random random(2);
  for (std::int32_t& y : labels) y = std::int32_t(random.below(10));
  return labels;
}

template <class Net, class Solver, int Samples>
void train(benchmark::State& state, Work work) {
  tg::Model<Net> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, Solver{}, tg::batch<Samples>};
  const auto x = random_numbers(std::size_t(Samples) * std::size_t(tg::input_shape<Net>.size()));
  const auto y = random_labels(Samples);
  tg::bench::measure(state, work.training() * Samples, [&] { trainer.step(x, y); });
}

template <class Net, auto... Options>
void predict(benchmark::State& state, Work work, int samples) {
  tg::Model<Net, tg::Cpu, Options...> model;
  const auto x = random_numbers(std::size_t(samples) * std::size_t(tg::input_shape<Net>.size()));
  tg::bench::measure(state, work.inference() * samples,
                     [&] { benchmark::DoNotOptimize(model(x).data()); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tg::set_threads(argc > 1 ? std::atoi(argv[1]) : 1);  // one unless the command line says how many
  const auto add = [](const char* name, auto... arguments) {
    benchmark::RegisterBenchmark(name, arguments...)->Iterations(1);
  };
  add("LeNet step, 64 samples, Sgd", train<LeNet, tg::Sgd, 64>, lenet);
  add("LeNet step, 64 samples, Adam", train<LeNet, tg::Adam, 64>, lenet);
  add("LeNet inference, 64 samples", predict<LeNet>, lenet, 64);
  add("LeNet inference, 1 sample", predict<LeNet, tg::batch<1>>, lenet, 1);
  add("MLP 784-512-512-10 step, 128 samples, Sgd", train<Perceptron, tg::Sgd, 128>, perceptron);
  add("MLP 784-512-512-10 step, 128 samples, Adam", train<Perceptron, tg::Adam, 128>, perceptron);
  add("MLP 784-512-512-10 inference, 128 samples", predict<Perceptron>, perceptron, 128);
  add("MLP 64 wide, 4 layers, inference, 65536 samples", predict<Narrow>, narrow, 65536);
  benchmark::RunSpecifiedBenchmarks();
}
