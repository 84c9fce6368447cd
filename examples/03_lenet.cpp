// LeNet-5, a convolutional network, learns digits; options choose data, epochs, backend.
// test-arguments: --epochs 2 --samples 3000 --save lenet.safetensors
// SPDX-License-Identifier: MIT
#include <typegrad/typegrad.hpp>

#include "backend.hpp"
#include "command_line.hpp"

// clang-format off
// [network]
using LeNet = tg::Sequence<tg::Input<1, 28, 28>,
    tg::Conv<6, 5, tg::padding<2>>, tg::Relu, tg::MaxPool<2>,
    tg::Conv<16, 5>,                tg::Relu, tg::MaxPool<2>,
    tg::Flatten, tg::Linear<120>, tg::Relu, tg::Linear<84>, tg::Relu, tg::Linear<10>>;
static_assert(tg::output_shape<LeNet> == tg::Shape{10});
static_assert(tg::parameter_count<LeNet> == 61706);
// [/network]
// clang-format on

constexpr const char* usage =
    "usage: lenet [option value]…\n"
    "  --epochs n    times through the samples (5)\n"
    "  --batch n     samples of a step, 1 to 256 (64)\n"
    "  --backend b   cpu, or cuda: a GPU (cpu)\n"
    "  --threads n   threads (as many as cores)\n"
    "  --seed n      of first weights and order (1)\n"
    "  --samples n   digits to learn from (all of MNIST, or 20000 drawn ones)\n"
    "  --data path   folder that holds mnist/ (TYPEGRAD_DATA; without either, digits are drawn)\n"
    "  --save path   file for the parameters, safetensors\n";

int main(int count, char** words) try {
  example::CommandLine options(count, words, usage);
  const int epochs = options.number("--epochs", 5, 1, 1000);
  const int batch = options.number("--batch", 64, 1, 256);
  const int seed = options.number("--seed", 1, 0, 1 << 30);
  const int threads = options.number("--threads", tg::threads(), 1, 1024);
  const int samples = options.number("--samples", 0, 1, 1000000);
  const std::string data = options.text("--data"), file = options.text("--save"),
                    backend = options.text("--backend", example::default_backend);
  options.finish();
  tg::set_threads(threads);

  example::on_backend(backend, options, [&]<class Backend>(Backend) {
    const auto digits = example::digits(data, samples);
    // [train]
    tg::Model<LeNet, Backend> model(seed);
    tg::Trainer trainer{model, tg::CrossEntropy{}, tg::Adam{}, tg::batch<256>};
    const auto steps = (digits.train.count() + batch - 1) / batch * epochs;
    trainer.fit(digits.train, {.epochs = epochs,
                               .batch = batch,
                               .validation = &digits.test,
                               .seed = std::uint64_t(seed),
                               .learning_rate = tg::CosineDecay{.rate = 2e-3, .steps = steps}});
    // [/train]
    std::printf("test accuracy %.2f %%\n", 100 * trainer.evaluate(digits.test).accuracy);
    if (!file.empty()) model.save(file);
  });
  return 0;
} catch (const tg::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
