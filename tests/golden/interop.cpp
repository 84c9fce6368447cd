// Models that interop.py passes to PyTorch and back.
// SPDX-License-Identifier: MIT
// interop NETWORK save FILE    trains a little, so that every statistic says something, and saves
// interop NETWORK logits FILE  loads and prints the logits of interop.py's samples
#include <cstdio>
#include <string_view>

#include "numbers.hpp"
#include "typegrad/typegrad.hpp"

struct Chain
    : tg::Sequence<tg::Input<2, 8, 8>, tg::Conv<4, 3, tg::padding<1>>, tg::BatchNorm<>, tg::Relu,
                   tg::MaxPool<2>, tg::Conv<6, 3, tg::groups<2>, tg::no_bias>, tg::Flatten,
                   tg::Linear<16>, tg::LayerNorm<>, tg::Gelu, tg::Dropout<>, tg::Linear<10>> {};

// The design's program 5.
struct Named
    : tg::Graph<tg::Node<"image", tg::Input<3, 32, 32>>,
                tg::Node<"stem", tg::Conv<16, 3, tg::padding<1>>, "image">,
                tg::Node<"branch", tg::Sequence<tg::Relu, tg::Conv<16, 3, tg::padding<1>>>, "stem">,
                tg::Node<"sum", tg::Add, "stem", "branch">,
                tg::Node<"logits", tg::Sequence<tg::Relu, tg::GlobalAveragePool, tg::Linear<10>>,
                         "sum">> {};

// Layers of layers, branches, one matrix in two places.
struct Block {
  static constexpr tg::Var define(tg::Scope& s, tg::Var x) {
    const tg::Var y =
        relu(s.layer<"bn1", tg::BatchNorm<>>(s.layer<"conv1", tg::Conv<4, 3, tg::padding<1>>>(x)));
    return relu(y + s.layer<"downsample", tg::Sequence<tg::Conv<4, 1, tg::no_bias>>>(x));
  }
};
struct Composed
    : tg::Sequence<tg::Input<2, 8, 8>, Block,
                   tg::Residual<tg::Conv<4, 3, tg::padding<1>>, tg::Relu>,
                   tg::Residual<tg::Shortcut<tg::Conv<2, 1>>, tg::Conv<2, 3, tg::padding<1>>>,
                   tg::Parallel<tg::Add, tg::Conv<2, 1>, tg::Sequence<tg::Relu, tg::Conv<2, 1>>>,
                   tg::MaxPool<2>, tg::Flatten, tg::Tied<"square", tg::Linear<32>>, tg::Tanh,
                   tg::Tied<"square", tg::Linear<32, tg::no_bias>>, tg::Frozen<tg::Linear<10>>> {};

constexpr int samples = 9;

template <class Network, tg::DType dtype = tg::f32>
bool run(std::string_view what, const char* file) {
  tg::Model<Network, tg::Cpu, dtype> model(3);
  const auto images =
      tg::test::numbers<float>(samples * std::size_t(tg::input_shape<Network>.size()), 0);
  if (what == "save") {
    tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 0.01},
                        tg::batch<samples>};
    for (int step = 0; step < 3; ++step) trainer.step(images, tg::test::labels(samples, 10, 1));
    model.save(file);
  } else if (what == "logits") {
    model.load(file);
    const auto logits = model(images);
    for (int i = 0; i < logits.size(); ++i) std::printf("%.9g\n", double(logits.data()[i]));
  } else {
    return false;
  }
  return true;
}

int main(int count, char** words) try {
  const std::string_view network = count == 4 ? words[1] : "", what = count == 4 ? words[2] : "";
  const bool known = network == "chain"        ? run<Chain>(what, words[3])
                     : network == "named"      ? run<Named>(what, words[3])
                     : network == "composed"   ? run<Composed>(what, words[3])
                     : network == "chain_bf16" ? run<Chain, tg::bf16>(what, words[3])
                     : network == "chain_f16"  ? run<Chain, tg::f16>(what, words[3])
                                               : false;
  if (!known)
    std::fputs("interop chain|named|composed|chain_bf16|chain_f16 save|logits FILE\n", stderr);
  return known ? 0 : 2;
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
