// A residual network, written as a graph with names, learns drawn digits in three equal channels.
// test-arguments: --epochs 2 --samples 1500 --save residual.safetensors
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "command_line.hpp"

// clang-format off
// [network]
using Residual = tg::Graph<
    tg::Node<"image",  tg::Input<3, 32, 32>>,
    tg::Node<"stem",   tg::Conv<16, 3, tg::padding<1>>, "image">,
    tg::Node<"branch", tg::Sequence<tg::Relu, tg::Conv<16, 3, tg::padding<1>>>, "stem">,
    tg::Node<"sum",    tg::Add, "stem", "branch">,
    tg::Node<"logits", tg::Sequence<tg::Relu, tg::GlobalAveragePool, tg::Linear<10>>, "sum">>;
static_assert(tg::output_shape<Residual> == tg::Shape{10});
static_assert(tg::parameter_count<Residual> == 2938);
// [/network]
// clang-format on

// Drawn digits are grey; the network wants three channels, so each gets the same numbers.
tg::data::Split in_three_channels(const tg::data::Split& grey) {
  const auto size = std::size_t(grey.images().shape().size());
  std::vector<float> pixels;
  std::vector<std::int32_t> labels;
  for (std::int64_t i = 0; i < grey.count(); ++i) {
    const float* image = grey.images().data() + std::size_t(i) * size;
    for (int channel = 0; channel < 3; ++channel) pixels.insert(pixels.end(), image, image + size);
    labels.push_back(grey.labels().data()[i]);
  }
  return {std::move(pixels), std::move(labels), tg::Shape{3, 32, 32}, 10, "drawn digits"};
}

constexpr const char* usage =
    "usage: residual [option value]…\n"
    "  --epochs n    times through the samples (8)\n"
    "  --samples n   digits to learn from (10000)\n"
    "  --save path   file for the parameters, safetensors\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 8, 1, 1000);
  const int samples = options.number("--samples", 10000, 1, 1000000);
  const std::string file = options.text("--save");
  options.finish();

  const auto drawn = tg::data::digits({.train = samples, .test = 1000, .height = 32, .width = 32});
  const auto train = in_three_channels(drawn.train), test = in_three_channels(drawn.test);

  tg::Model<Residual> model;
  std::fputs(tg::summary(model).c_str(), stdout);
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-2}, tg::batch<32>};
  trainer.fit(train, {.epochs = epochs, .validation = &test});
  std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(test).accuracy);

  // [lookups]
  auto kernels = model.parameter<"branch.1.weight">();     // 16 x (16 3 3), to read and write
  auto features = model.output_of<"stem">(test.images());  // samples x (16 32 32)
  // [/lookups]
  std::printf("stem gives %ld numbers a sample, the branch has %ld kernels\n",
              long(features.cols()), long(kernels.rows()));
  if (!file.empty()) model.save(file);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
