// Recurrent layers: masks, and a formula written out beside them.
// SPDX-License-Identifier: MIT
#include <cmath>

#include "steps.hpp"
#include "tests/run/reference/lab.hpp"
#include "typegrad/layers/recurrent.hpp"

namespace tg::test {
namespace {

// A mask that is made of x: steps whose first number is positive count.
template <template <int, auto...> class Layer, auto... Options>
struct WithMask {
  static constexpr Var define(Scope& s, Var x) {
    const Var first = reshape(slice(x, 1, 0, 1), {x.shape()[0]});
    const Var mask = select(less(s.constant(0), first), s.constant(1), s.constant(0));
    return Layer<3, masked, Options...>::define(s, x, mask);
  }
};

// An LSTM of one number, step by step.
double by_hand(const std::vector<double>& x, const std::vector<double>& mask, const double* W,
               const double* U, const double* b) {
  const auto sigmoid = [](double v) { return 1 / (1 + std::exp(-v)); };
  double h = 0, c = 0;
  for (std::size_t t = 0; t < x.size(); ++t) {
    const auto gate = [&](int which) { return W[which] * x[t] + U[which] * h + b[which]; };
    const double following = sigmoid(gate(1)) * c + sigmoid(gate(0)) * std::tanh(gate(2)),
                 output = sigmoid(gate(3));
    const double m = mask[t];
    c = m * following + (1 - m) * c;
    h = m * output * std::tanh(following) + (1 - m) * h;
  }
  return h;
}

}  // namespace

TEST_CASE("an LSTM with a mask is the formula's") {
  const std::vector<double> x = noise<double>(7, 1), mask{1, 1, 0, 1, 0, 0, 1};
  const std::vector<double> W = noise<double>(4, 2), U = noise<double>(4, 3),
                            b = noise<double>(4, 4);
  ir::Recording recording;
  recording.builder.graph.floating = f64;
  Scope s{recording};
  const Var rows = s.input("x", {7, 1}), marks = s.input("mask", {7});
  const Var h = Lstm<1, masked, last_state>::define(s, rows, marks);
  REQUIRE_FALSE(recording.fault());
  const std::vector<double> none(4, 0);
  reference::Bindings<double> bindings(recording);
  bindings.set("x", x.data()).set("mask", mask.data()).set("weight_ih_l0", W.data());
  bindings.set("weight_hh_l0", U.data()).set("bias_ih_l0", b.data()).set("bias_hh_l0", none.data());
  reference::Evaluation<double> evaluation(bindings);
  CHECK(*evaluation.value(h) ==
        Approx(by_hand(x, mask, W.data(), U.data(), b.data())).epsilon(1e-14));
}

TEST_CASE("what is masked changes neither states nor gradients") {
  // Two samples: the second has other numbers where the mask is 0.
  Lab<double> lab(2);
  std::vector<double> x = noise<double>(2 * 6 * 2, 1), mask{1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0};
  for (int i = 0; i < 8; ++i) x[std::size_t(12 + i)] = x[std::size_t(i)];
  const Var rows = lab.input({6, 2}, x), marks = lab.input({6}, mask);
  const Var h = Rnn<3, masked, last_state, no_bias>::define(lab.scope, rows, marks);
  (void)h;
  ir::Recording& recording = *lab.recording;
  reference::Bindings<double> bindings(recording);
  const std::vector<double> W = noise<double>(6, 2), U = noise<double>(9, 3);
  bindings.set(lab.leaves[0], x.data()).set(lab.leaves[1], mask.data());
  bindings.set("weight_ih_l0", W.data()).set("weight_hh_l0", U.data());
  reference::Evaluation<double> evaluation(bindings, 2);
  const double* states = evaluation.value(h);
  for (int i = 0; i < 3; ++i) CHECK(states[i] == states[3 + i]);
}

TEST_CASE("a masked step keeps the states to the bit, on the CPU") {
  struct Network {
    static constexpr auto define(Scope& s) {
      const Var x = s.input("x", {6, 2}), mask = s.input("mask", {6});
      return outputs(s.layer<"lstm", Lstm<5, masked>>(x, mask),
                     s.layer<"gru", Gru<5, masked>>(x, mask));
    }
  };
  using P = runtime::ProgramOf<Network, Purpose::inference, f32>;
  constexpr int samples = 3;
  const std::vector<float> masks[samples]{
      {0, 1, 1, 0, 1, 0}, {1, 0, 0, 0, 1, 1}, {0, 0, 0, 0, 0, 0}};
  std::vector<std::vector<float>> memory;
  runtime::Callable call(P::program(), P::leaves(), samples);
  for (std::size_t leaf = 0; leaf < P::leaves().infos.size(); ++leaf) {
    memory.emplace_back();
    for (int i = 0; i < samples * P::leaves().infos[leaf].shape.size(); ++i)
      memory.back().push_back(P::leaves().name(leaf) == "mask" ? masks[i / 6][std::size_t(i % 6)]
                                                               : std::sin(float(i)));
    call.bind(leaf, memory.back().data());
  }
  std::vector<float> states[2];
  for (int layer = 0; layer < 2; ++layer) {
    states[layer].resize(samples * 6 * 5);
    call.bind_output(layer, states[layer].data());
  }
  call.run(samples);
  for (const std::vector<float>& all : states)
    for (int i = 0; i < samples * 6; ++i)
      for (int k = 0; k < 5; ++k) {
        const float before = i % 6 == 0 ? 0.0f : all[std::size_t((i - 1) * 5 + k)];
        CHECK((all[std::size_t(i * 5 + k)] == before) == (masks[i / 6][std::size_t(i % 6)] == 0));
      }
}

TEST_CASE("masks on the CPU") {
  check_layer<WithMask<Lstm>, 6, 2>();
  check_layer<WithMask<Gru, bidirectional, last_state>, 5, 2>();
}

TEST_CASE("one sample at a time through recurrent layers") {
  check_latency<Lstm<20>, 6, 5>();
  check_latency<Gru<17, bidirectional>, 6, 5>();
  check_latency<Rnn<16, stacked<2>, last_state>, 6, 5>();
  check_latency<WithMask<Lstm>, 6, 2>();
}

}  // namespace tg::test
