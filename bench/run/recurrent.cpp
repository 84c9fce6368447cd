// A training step of an LSTM: forward, and backward to x and all weights, with its share of the
// core's peak, measured in the same run. FLOPs are those of products, 2 per multiply-add; what
// gates compute is time, but no FLOPs.
// SPDX-License-Identifier: MIT
#include <benchmark/benchmark.h>

#include <cstdlib>

#include "bench/run/measure.hpp"
#include "typegrad/typegrad.hpp"

namespace {

constexpr int steps = 64, features = 64, hidden = 128, samples = 32;

std::vector<float> random_numbers(int count, int seed) {
  std::vector<float> numbers(static_cast<std::size_t>(count));
  tg::Random random(std::uint64_t(seed), 1);
  for (float& x : numbers) x = float(random.between(-0.1, 0.1));
  return numbers;
}

// Outputs: the sum of y times a cotangent, and the gradients of x and of every weight.
template <class Layer>
struct Step {
  static constexpr auto define(tg::Scope& s) {
    const tg::Var x = s.input("x", {steps, features});
    const tg::Var y = Layer::define(s, x);
    const tg::Var cost = tg::sum(y * s.input("cotangent", y.shape()));
    tg::ir::Builder* r = y.builder();
    for (const tg::ir::Leaf& leaf : s.recording()->leaves)
      if (const tg::Var weight{r, leaf.node}; weight.node().op == tg::Op::parameter)
        tg::ir::emit(r, tg::Op::train, weight.shape(), weight.dtype(),
                     tg::ir::operands(weight, tg::grad(cost, weight)));
    return tg::outputs(cost, tg::grad(cost, x));
  }
};

// An RNN by tg::scan, and its gradients, that takes `taken` steps where there is room for `steps`.
struct Recurrence {
  static constexpr tg::Next step(tg::Scope&, tg::Var x, tg::Var h, tg::Var W, tg::Var U) {
    return tg::next(tanh(tg::matmul(W, x) + tg::matmul(U, h)));
  }
};
struct Counted {
  static constexpr auto define(tg::Scope& s) {
    const tg::Var x = s.input("x", {steps, features}), n = s.argument("n", {}, tg::i32);
    const tg::Var W = s.argument("W", {hidden, features}), U = s.argument("U", {hidden, hidden});
    const tg::Var h = s.constant(0, {hidden});
    const tg::Loop loop = tg::scan<Recurrence>(s, tg::over(x), tg::from(h), W, U, tg::times(n));
    const tg::Var cost = tg::batch_mean(tg::sum(tg::square(loop.last())));
    return tg::outputs(cost, tg::grad(cost, W), tg::grad(cost, U), tg::grad(cost, x));
  }
};
template <int taken>
void end(benchmark::State& state) {
  tg::Function<Counted, tg::Cpu, tg::batch<samples>> call;
  const auto x = random_numbers(samples * steps * features, 1);
  const auto W = random_numbers(hidden * features, 2), U = random_numbers(hidden * hidden, 3);
  const double flops = 3.0 * 2 * taken * samples * hidden * (features + hidden);
  tg::bench::measure(state, flops, [&] { call(x, taken, W, U); });
}

// `gates` blocks of weights, of x and of h; a step multiplies three times as much as forward.
constexpr double step_flops(int gates) {
  return 3.0 * 2 * steps * samples * gates * hidden * (features + hidden);
}

template <class Layer, int Gates>
void train(benchmark::State& state) {
  using Function = tg::runtime::ProgramOf<Step<Layer>, tg::Purpose::training, tg::f32>;
  tg::runtime::Callable call(Function::program(), Function::leaves(), samples);
  std::vector<std::vector<float>> memory, gradients;
  const auto& leaves = call.leaves().infos;
  for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
    const bool weight = leaves[leaf].op == tg::Op::parameter;
    memory.push_back(random_numbers(leaves[leaf].shape.size() * (weight ? 1 : samples), int(leaf)));
    gradients.push_back(memory.back());
    call.bind(leaf, memory.back().data());
    if (weight) call.bind_gradient(leaf, gradients.back().data());
  }
  std::vector<float> cost(1), dx(memory[0].size());
  call.bind_output(0, cost.data());
  call.bind_output(1, dx.data());
  tg::bench::measure(state, step_flops(Gates), [&] { call.run(samples); });
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  tg::set_threads(argc > 1 ? std::atoi(argv[1]) : 1);  // one unless the command line says how many
  const auto add = [](const char* name, auto run) {
    benchmark::RegisterBenchmark(name, run)->Iterations(1);
  };
  add("LSTM step, 32 samples of 64 steps", train<tg::Lstm<hidden>, 4>);
  add("GRU step", train<tg::Gru<hidden>, 3>);
  add("RNN step", train<tg::Rnn<hidden>, 1>);
  add("64 of 64 steps, counted at run time", end<64>);
  add("16 of 64 steps", end<16>);
  add("0 of 64 steps", end<0>);
  benchmark::RunSpecifiedBenchmarks();
}
