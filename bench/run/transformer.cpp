// A Transformer's encoder layer: its training step and its inference, and the share of the core's
// peak, measured in the same run. FLOPs are those of products, 2 per multiply-add; what softmax,
// norms and activations compute is time, but no FLOPs.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "bench/run/measure.hpp"
#include "typegrad/typegrad.hpp"

namespace {

constexpr int tokens = 64, width = 128, heads = 4, feed_forward = 512, samples = 16;

template <auto... Options>
using Encoder = tg::Sequence<tg::Input<tokens, width>,
                             tg::TransformerEncoderLayer<heads, feed_forward, Options...>>;

// A step multiplies three times as much as the forward pass. But nobody asks for the gradient of
// the network's input: where the three projections read it, it is not computed.
template <class Net, bool NormFirst>
constexpr double step_flops = 3 * double(tg::flops<Net>) -
                              (NormFirst ? 0 : 2.0 * 3 * tokens * width * width);

std::vector<float> random_numbers(int seed) {
  std::vector<float> numbers(std::size_t(samples * tokens * width));
  tg::Random random(std::uint64_t(seed), 1);
  for (float& x : numbers) x = float(random.between(-1, 1));
  return numbers;
}

template <class Net, bool NormFirst>
void train(benchmark::State& state) {
  tg::Model<Net> model;
  tg::Trainer trainer{model, tg::MeanSquaredError{}, tg::Adam{}, tg::batch<samples>};
  const auto x = random_numbers(1), y = random_numbers(2);
  tg::bench::measure(state, step_flops<Net, NormFirst> * samples, [&] { trainer.step(x, y); });
}

template <class Net>
void predict(benchmark::State& state) {
  tg::Model<Net> model;
  const auto x = random_numbers(1);
  tg::bench::measure(state, double(tg::flops<Net>) * samples,
                     [&] { benchmark::DoNotOptimize(model(x).data()); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tg::set_threads(argc > 1 ? std::atoi(argv[1]) : 1);  // one unless the command line says how many
  const auto add = [](const char* name, auto run) {
    benchmark::RegisterBenchmark(name, run)->Iterations(1);
  };
  using Plain = Encoder<tg::dropout<0.0>>;
  using Gelu = Encoder<tg::dropout<0.0>, tg::norm_first, tg::activation<tg::Gelu>, tg::causal>;
  add("encoder step, 16 samples, Adam", train<Plain, false>);
  add("encoder step, with dropout 0.1", train<Encoder<>, false>);
  add("encoder step, norms first, Gelu, causal", train<Gelu, true>);
  add("encoder inference, 16 samples", predict<Plain>);
  add("encoder inference, norms first, Gelu, causal", predict<Gelu>);
  benchmark::RunSpecifiedBenchmarks();
}
