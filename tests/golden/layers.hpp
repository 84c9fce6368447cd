// Single layers, their outputs and gradients, of 3 samples: generate.py's layer_cases().
// SPDX-License-Identifier: MIT
#pragma once
#include "golden.hpp"
#include "typegrad/layers/all.hpp"

namespace tg::test {

template <class L>
inline constexpr bool takes_integers = false;
template <int Vocabulary, int Width>
inline constexpr bool takes_integers<Embedding<Vocabulary, Width>> = true;

// Outputs: y, and for sum(y * cotangent) the gradients of x and of every parameter.
template <class L, int... Extents>
struct LayerProbe {
  static constexpr bool of_integers = takes_integers<L>;

  static constexpr auto define(Scope& s) {
    const Var x = s.input("x", {Extents...}, of_integers ? i32 : DType::floating);
    const Var y = L::define(s, x);
    const Var cost = sum(y * s.input("cotangent", y.shape()));
    for (const ir::Leaf& leaf : s.recording()->leaves) {
      const Var parameter{x.builder(), leaf.node};
      if (parameter.node().op == Op::parameter)
        ir::emit(x.builder(), Op::train, parameter.shape(), parameter.dtype(),
                 ir::operands(parameter, grad(cost, parameter)));
    }
    if constexpr (of_integers)
      return outputs(y);
    else
      return outputs(y, grad(cost, x));
  }
};

template <class L, DType dtype, int... Extents>
void check_layer(const std::string& name, std::uint32_t which) {
  using T = element_t<dtype>;
  using Probe = LayerProbe<L, Extents...>;
  using Function = runtime::ProgramOf<Probe, Purpose::training, dtype>;
  constexpr int samples = 3, inputs = (samples * ... * Extents);
  CAPTURE(name, sizeof(T));
  const Golden<T> golden("layers");
  const std::uint32_t stream = 1000 + 10 * which;
  const auto check = [&](const std::string& what, const std::vector<T>& got) {
    INFO(what);
    CHECK(golden.distance(name + "." + what, got.data(), got.size()) < after_one<T>);
  };

  runtime::Callable callable(Function::program(), Function::leaves(), 0);
  const runtime::Leaves& leaves = callable.leaves();
  const std::vector<T> x = numbers<T>(inputs, stream);
  const std::vector<std::int32_t> integers = labels(inputs, 11, stream);
  std::vector<std::vector<T>> given(leaves.infos.size()), gradients(leaves.infos.size());
  std::vector<T> y, dx(x.size());
  std::uint32_t parameter = stream + 2;
  for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf) {
    const runtime::LeafInfo& info = leaves.infos[leaf];
    const int size = info.shape.size();
    if (leaves.name(leaf) == "x") {
      given[leaf] = x;
    } else if (info.op == Op::parameter) {
      given[leaf] = numbers<T>(size, parameter++);
      gradients[leaf].resize(std::size_t(size));
      callable.bind_gradient(leaf, gradients[leaf].data());
    } else {
      given[leaf] = numbers<T>(samples * size, stream + 1);
      y.resize(given[leaf].size());
    }
    callable.bind(leaf, given[leaf].data());
    if (leaves.name(leaf) == "x" && Probe::of_integers) callable.bind_labels(leaf, integers.data());
  }
  callable.bind_output(0, y.data());
  if (!Probe::of_integers) callable.bind_output(1, dx.data());
  callable.run(samples);

  check("y", y);
  if (!Probe::of_integers) check("x", dx);
  for (std::size_t leaf = 0; leaf < leaves.infos.size(); ++leaf)
    if (!gradients[leaf].empty()) check(std::string(leaves.name(leaf)), gradients[leaf]);
}

template <DType dtype>
void check_layers() {
  check_layer<GroupNorm<2>, dtype, 4, 5, 6>("group_norm", 0);
  check_layer<RmsNorm<8>, dtype, 5, 8>("rms_norm", 1);
  check_layer<ConvTranspose<6, 3, stride<2>, padding<1>, output_padding<1>, groups<2>>, dtype, 4, 5,
              6>("conv_transpose", 2);
  check_layer<ConvTranspose<2, kernel<2, 3>, stride<1, 3>, dilation<2>, no_bias>, dtype, 4, 5, 6>(
      "conv_transpose_dilated", 3);
  check_layer<Conv<6, 3, padding<1>, groups<2>>, dtype, 4, 5, 6>("grouped", 4);
  check_layer<DepthwiseConv<3, stride<2>, padding<1>>, dtype, 4, 5, 6>("depthwise", 5);
  check_layer<Embedding<11, 6>, dtype, 2, 4>("embedding", 6);
  check_layer<Upsample<2>, dtype, 4, 5, 6>("nearest", 7);
  check_layer<Upsample<2, bilinear>, dtype, 4, 5, 6>("bilinear", 8);
  check_layer<Upsample<3, bilinear>, dtype, 4, 5, 6>("bilinear_odd", 9);
  check_layer<MaxPool<3, stride<2>, padding<1>>, dtype, 4, 5, 6>("max_pool", 10);
  check_layer<AveragePool<3, stride<2>, padding<1>>, dtype, 4, 5, 6>("average_pool", 11);
  check_layer<AdaptiveAveragePool<3, 4>, dtype, 4, 5, 6>("adaptive_pool", 12);
  check_layer<Pad<1, 0, 2, 1>, dtype, 4, 5, 6>("zero_pad", 13);
  check_layer<PositionalEncoding, dtype, 6, 5>("positions", 14);
}

}  // namespace tg::test
