// Recurrent layers, their outputs and gradients, of 3 samples: generate.py's recurrent_cases().
// SPDX-License-Identifier: MIT
#pragma once
#include "golden.hpp"
#include "typegrad/layers/recurrent.hpp"

namespace tg::test {

// Outputs: y, and for sum(y * cotangent) the gradients of x, of `States` states (Rows, Hidden), and
// of every parameter.
template <class L, int States, int Rows, int Hidden>
struct RecurrentProbe {
  template <std::same_as<Var>... Inputs>
  static constexpr auto of(Scope& s, Inputs... inputs) {
    const Var y = L::define(s, inputs...);
    const Var cost = sum(y * s.input("cotangent", y.shape()));
    for (const ir::Leaf& leaf : s.recording()->leaves) {
      const Var parameter{y.builder(), leaf.node};
      if (parameter.node().op == Op::parameter)
        ir::emit(y.builder(), Op::train, parameter.shape(), parameter.dtype(),
                 ir::operands(parameter, grad(cost, parameter)));
    }
    return outputs(y, grad(cost, inputs)...);
  }
  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {5, 4});
    if constexpr (States == 0)
      return of(s, x);
    else if constexpr (States == 1)
      return of(s, x, s.input("h", {Rows, Hidden}));
    else
      return of(s, x, s.input("h", {Rows, Hidden}), s.input("c", {Rows, Hidden}));
  }
};

template <class L, DType dtype, int States = 0>
void check_recurrent(const std::string& name, std::uint32_t which) {
  using T = element_t<dtype>;
  using Function = runtime::ProgramOf<RecurrentProbe<L, States, 2, 6>, Purpose::training, dtype>;
  constexpr int samples = 3;
  CAPTURE(name, sizeof(T));
  const Golden<T> golden("recurrent");
  const std::uint32_t stream = 2000 + 40 * which;
  const auto check = [&](const std::string& what, const std::vector<T>& got) {
    INFO(what);
    CHECK(golden.distance(name + "." + what, got.data(), got.size()) < after_one<T>);
  };

  runtime::Callable callable(Function::program(), Function::leaves(), 0);
  const runtime::Leaves& leaves = callable.leaves();
  std::vector<std::vector<T>> given(leaves.infos.size()), gradients(leaves.infos.size());
  std::vector<T> y;
  std::uint32_t parameter = stream + 4;
  int output = 1;
  for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
    const runtime::LeafInfo& info = leaves.infos[leaf];
    const std::string_view called = leaves.name(leaf);
    const bool trained = info.op == Op::parameter;
    given[leaf] =
        numbers<T>(info.shape.size() * (trained ? 1 : samples), trained         ? parameter++
                                                                : called == "x" ? stream
                                                                : called == "h" ? stream + 2
                                                                : called == "c" ? stream + 3
                                                                                : stream + 1);
    callable.bind(leaf, given[leaf].data());
    if (called == "cotangent") {
      y.resize(given[leaf].size());
      continue;
    }
    gradients[leaf].resize(given[leaf].size());
    if (trained)
      callable.bind_gradient(leaf, gradients[leaf].data());
    else
      callable.bind_output(output++, gradients[leaf].data());
  }
  callable.bind_output(0, y.data());
  callable.run(samples);

  check("y", y);
  for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
    if (!gradients[leaf].empty()) check(std::string(leaves.name(leaf)), gradients[leaf]);
}

template <DType dtype>
void check_recurrent_layers() {
  check_recurrent<Rnn<6>, dtype>("rnn", 0);
  check_recurrent<Rnn<6, activation<Relu>, no_bias>, dtype>("rnn_relu", 1);
  check_recurrent<Lstm<6>, dtype>("lstm", 2);
  check_recurrent<Gru<6>, dtype>("gru", 3);
  check_recurrent<Lstm<5, stacked<2>, bidirectional>, dtype>("lstm_stacked", 4);
  check_recurrent<Gru<5, bidirectional, stacked<2>>, dtype>("gru_stacked", 5);
  check_recurrent<Lstm<5, bidirectional, no_bias, last_state>, dtype>("lstm_last", 6);
  check_recurrent<Gru<5, stacked<2>, last_state>, dtype>("gru_last", 7);
  check_recurrent<Rnn<6, stacked<2>>, dtype, 1>("rnn_from", 8);
  check_recurrent<Lstm<6, bidirectional>, dtype, 2>("lstm_from", 9);
}

}  // namespace tg::test
