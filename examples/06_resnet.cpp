// ResNet-8, ready made, learns digits; options choose data, epochs, batch, threads.
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
    "  --epochs n    times through the samples (5)\n"
    "  --batch n     samples of a step, 1 to 64 (64)\n"
    "  --threads n   threads (as many as cores)\n"
    "  --seed n      of first weights and order (1)\n"
    "  --samples n   digits to learn from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path   folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are drawn)\n"
    "  --save path   file for the parameters, safetensors\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 5, 1, 1000);
  const int batch = options.number("--batch", 64, 1, 64);
  const int seed = options.number("--seed", 1, 0, 1 << 30);
  const int threads = options.number("--threads", tg::threads(), 1, 1024);
  const int samples = options.number("--samples", 0, 1, 1000000);
  const std::string data = options.text("--data"), file = options.text("--save");
  options.finish();
  tg::set_threads(threads);

  const auto digits = example::digits(data, samples);
  tg::Model<ResNet8> model(seed);
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{}, tg::batch<64>};
  const auto steps = (digits.train.count() + batch - 1) / batch * epochs;
  trainer.fit(digits.train, {.epochs = epochs,
                             .batch = batch,
                             .validation = &digits.test,
                             .seed = std::uint64_t(seed),
                             .learning_rate = tg::CosineDecay{.rate = 2e-3, .steps = steps}});
  std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
  if (!file.empty()) model.save(file);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
