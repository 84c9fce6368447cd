// LeNet with weights and activations in 16 bits: half the memory, the same accuracy.
// test-arguments: --epochs 2 --samples 3000
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "command_line.hpp"

using LeNet = tg::models::LeNet<>;

// [memory]
static_assert(2 * tg::parameter_bytes<LeNet, tg::bf16> == tg::parameter_bytes<LeNet>);
static_assert(2 * tg::workspace_bytes<LeNet, tg::bf16> == tg::workspace_bytes<LeNet>);
// [/memory]

constexpr const char* usage =
    "usage: half_precision [option value]…\n"
    "  --epochs n    times through the samples (3)\n"
    "  --samples n   digits to learn from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path   folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are drawn)\n"
    "  --save path   file for the model, whose weights are BF16 there\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 3, 1, 1000);
  const int samples = options.number("--samples", 0, 1, 1000000);
  const std::string data = options.text("--data"), save = options.text("--save");
  options.finish();

  const auto digits = example::digits(data, samples);
  // [train]
  tg::Model<LeNet, tg::Cpu, tg::bf16> model;
  tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{.learning_rate = 1e-3}, tg::batch<64>,
                      tg::master_weights};
  trainer.fit(digits.train, {.epochs = epochs, .validation = &digits.test});
  // [/train]
  std::printf("test accuracy %.2f %%, parameters of %lld bytes\n",
              100 * trainer.evaluate(digits.test).accuracy,
              (long long)tg::parameter_bytes<LeNet, tg::bf16>);
  if (!save.empty()) model.save(save);
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
