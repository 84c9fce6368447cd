// A multilayer perceptron learns digits: a network of vectors, with dropout.
// test-arguments: --epochs 2 --samples 3000
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "backend.hpp"
#include "command_line.hpp"

// clang-format off
// [network]
using Perceptron = tg::Sequence<tg::Input<1, 28, 28>, tg::Flatten,
    tg::Linear<512>, tg::Relu, tg::Dropout<0.2>,
    tg::Linear<256>, tg::Relu, tg::Dropout<0.2>,
    tg::Linear<10>>;
// [/network]
// clang-format on

constexpr const char* usage =
    "usage: mnist [option value]…\n"
    "  --epochs n    times through the samples (6)\n"
    "  --backend b   cpu, or cuda: a GPU (cpu)\n"
    "  --samples n   digits to learn from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path   folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are drawn)\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 6, 1, 1000);
  const int samples = options.number("--samples", 0, 1, 1000000);
  const std::string data = options.text("--data"),
                    backend = options.text("--backend", example::default_backend);
  options.finish();

  example::on_backend(backend, options, [&]<class Backend>(Backend) {
    const auto digits = example::digits(data, samples);
    tg::Model<Perceptron, Backend> model;
    std::fputs(tg::summary(model).c_str(), stdout);
    tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{}, tg::batch<128>};
    const auto steps = (digits.train.count() + 127) / 128 * epochs;
    trainer.fit(digits.train, {.epochs = epochs,
                               .validation = &digits.test,
                               .learning_rate = tg::CosineDecay{1e-3, steps}});
    std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
  });
  return 0;
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
