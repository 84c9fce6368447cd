// ResNet-8, ready made, learns digits.
// test-arguments: --epochs 1 --samples 600 --save resnet.safetensors
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "command_line.hpp"

// [network]
struct ResNet8 : tg::models::ResNet8<tg::Input<1, 28, 28>> {};
static_assert(tg::parameter_count<ResNet8> == 77754);
// [/network]

constexpr const char* usage =
    "usage: resnet [option value]…\n"
    "  --epochs n    times through the samples (3)\n"
    "  --samples n   digits to learn from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path   folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are drawn)\n"
    "  --save path   file for the parameters, safetensors\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 3, 1, 1000);
  const int samples = options.number("--samples", 0, 1, 1000000);
  const std::string data = options.text("--data"), file = options.text("--save");
  options.finish();

  const auto digits = example::digits(data, samples);
  tg::Model<ResNet8> model;
  std::fputs(tg::summary(model).c_str(), stdout);
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 2e-3}, tg::batch<64>};
  trainer.fit(digits.train, {.epochs = epochs, .validation = &digits.test});
  std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
  if (!file.empty()) model.save(file);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
