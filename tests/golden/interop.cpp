// A model that interop.py passes to PyTorch and back.
// SPDX-License-Identifier: MIT
// interop save FILE    trains a little, so that every statistic says something, and saves
// interop logits FILE  loads and prints the logits of interop.py's samples
#include <cstdio>
#include <string_view>

#include "numbers.hpp"
#include "typegrad/typegrad.hpp"

struct Network
    : tg::Sequence<tg::Input<2, 8, 8>, tg::Conv<4, 3, tg::padding<1>>, tg::BatchNorm<>, tg::Relu,
                   tg::MaxPool<2>, tg::Conv<6, 3, tg::groups<2>, tg::no_bias>, tg::Flatten,
                   tg::Linear<16>, tg::LayerNorm<>, tg::Gelu, tg::Dropout<>, tg::Linear<10>> {};

constexpr int samples = 9;

int main(int count, char** words) try {
  const std::string_view what = count == 3 ? words[1] : "";
  tg::Model<Network> model(3);
  const auto images = tg::test::numbers<float>(samples * 128, 0);
  if (what == "save") {
    tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 0.01},
                        tg::batch<samples>};
    for (int step = 0; step < 3; ++step) trainer.step(images, tg::test::labels(samples, 10, 1));
    model.save(words[2]);
  } else if (what == "logits") {
    model.load(words[2]);
    const auto logits = model(images);
    for (int i = 0; i < logits.size(); ++i) std::printf("%.9g\n", double(logits.data()[i]));
  } else {
    std::fputs("interop save FILE, interop logits FILE\n", stderr);
    return 2;
  }
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
