// ResNet-18 for images of 32 x 32: its training step and its inference, and the share of the core's
// peak, measured in the same run. FLOPs are those of products and convolutions, borders included, 2
// per multiply-add; a step has them three times, less the gradient of the images.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "bench/run/measure.hpp"
#include "typegrad/typegrad.hpp"

namespace {

constexpr int samples = 16;
struct Network : tg::models::ResNet18<tg::Input<3, 32, 32>, 10, tg::models::SmallStem> {};
// The first convolution's, which nobody asks for.
constexpr double input_gradient = 2.0 * 32 * 32 * 64 * 27;

std::vector<float> random_images() {
  std::vector<float> images(std::size_t(samples * tg::input_shape<Network>.size()));
  tg::Random random(1, 1);
  for (float& x : images) x = float(random.between(-1, 1));
  return images;
}

void train(benchmark::State& state) {
  tg::Model<Network> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Sgd{.learning_rate = 1e-3, .momentum = 0.9},
                      tg::batch<samples>};
  const auto x = random_images();
  std::vector<std::int32_t> labels(samples);
  for (int i = 0; i < samples; ++i) labels[std::size_t(i)] = i % 10;
  tg::bench::measure(state, (3 * double(tg::flops<Network>) - input_gradient) * samples,
                     [&] { trainer.step(x, labels); });
}

void predict(benchmark::State& state) {
  tg::Model<Network> model;
  const auto x = random_images();
  tg::bench::measure(state, double(tg::flops<Network>) * samples,
                     [&] { benchmark::DoNotOptimize(model(x).data()); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tg::set_threads(argc > 1 ? std::atoi(argv[1]) : 1);  // one unless the command line says how many
  benchmark::RegisterBenchmark("ResNet-18 step, 16 samples, Sgd", train)->Iterations(1);
  benchmark::RegisterBenchmark("ResNet-18 inference, 16 samples", predict)->Iterations(1);
  benchmark::RunSpecifiedBenchmarks();
}
